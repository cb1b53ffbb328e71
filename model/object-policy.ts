import type { ObjectPolicy } from '../schema/kinds/object-policy.js';

/**
 * The policy of an app instance: what it says itself wins over what its app says, field by field; lists of rules are put
 * together, the instance's first. Null when neither says anything. Pure.
 */
export function mergePolicy(app: ObjectPolicy | undefined, instance: ObjectPolicy | undefined): ObjectPolicy | null {
  const ignore = joined(instance?.ignore, app?.ignore);
  const yieldTo = joined(instance?.yieldTo, app?.yieldTo);
  const adopt = joined(instance?.adopt, app?.adopt);
  const health = joined(instance?.health, app?.health);
  const merged: ObjectPolicy = {
    ...app,
    ...instance,
    ...(ignore && { ignore }),
    ...(yieldTo && { yieldTo }),
    ...(adopt && { adopt }),
    ...(health && { health }),
  };
  return Object.keys(merged).length > 0 ? merged : null;
}

function joined<Rule>(first: readonly Rule[] | undefined, then: readonly Rule[] | undefined): Rule[] | null {
  return first || then ? [...(first ?? []), ...(then ?? [])] : null;
}

import { type Static, Type } from 'typebox';
import { mark } from '../../lib/kind.js';
import { closed } from './shapes.js';

const path = Type.String({
  minLength: 1,
  maxLength: 500,
  // Names between dots, each with as many brackets as it likes: what is read otherwise than it looks is refused.
  pattern: '^[^.[\\]]+(\\[("[^"]*"|[^\\]"])+\\])*(\\.[^.[\\]]+(\\[("[^"]*"|[^\\]"])+\\])*)*$',
  description:
    'Dotted: `spec.replicas`. An item of a list: `containers[name=web]`, `containers[0]`, or any: `containers[*]`.',
});

const ignoreRule = closed({
  object: Type.Optional(
    Type.String({
      minLength: 1,
      description: '`Deployment/web`, or `Deployment` for all of a kind. Left out: every object.',
    }),
  ),
  path,
});

const yieldRule = closed({
  manager: Type.String({
    minLength: 1,
    description: 'The field manager, as `kubectl get --show-managed-fields` names it.',
  }),
  path,
});

const healthRules = closed({
  apiVersion: Type.String({ minLength: 1 }),
  kind: Type.String({ minLength: 1 }),
  rules: Type.Array(
    closed({
      health: Type.Union([
        Type.Literal('Healthy'),
        Type.Literal('Progressing'),
        Type.Literal('Degraded'),
        Type.Literal('Suspended'),
      ]),
      when: Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'CEL that is true or false. The object is `self`: `self.status.phase == "Running"`.',
      }),
      message: Type.Optional(
        Type.String({ minLength: 1, maxLength: 2000, description: 'CEL that gives a text: `self.status.message`.' }),
      ),
    }),
    { minItems: 1, maxItems: 20, description: 'The first that is true decides. None is: the object is Progressing.' },
  ),
});

/** How the objects of an app are treated outside, where the defaults are not what is wanted. */
export const objectPolicy = closed(
  {
    drift: Type.Optional(
      Type.Union([Type.Literal('correct'), Type.Literal('report')], {
        description: 'What to do about a change by somebody else. Left out: correct.',
      }),
    ),
    ignore: Type.Optional(
      Type.Array(ignoreRule, {
        maxItems: 100,
        description: 'Fields that are others to set: neither drift nor put back.',
      }),
    ),
    yieldTo: Type.Optional(
      Type.Array(yieldRule, {
        maxItems: 100,
        description: 'Managers that keep a field once they have set it, beside autoscalers, which always do.',
      }),
    ),
    replace: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        ...mark.replaceKinds,
        maxItems: 50,
        description:
          'Kinds that may be deleted and made again when a field that cannot be changed is changed. Left out: Job. Never what holds data.',
      }),
    ),
    claims: Type.Optional(
      Type.Union([Type.Literal('delete'), Type.Literal('retain')], {
        description:
          'Volume claims of StatefulSets. delete: they go with their StatefulSet. retain: they outlive the app instance, and its namespace with them. Left out: they stay when only the StatefulSet goes, and go with the namespace.',
      }),
    ),
    adopt: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]*/[^/]+$' }), {
        maxItems: 2000,
        description:
          'Objects that are there already and are taken over as they are, as `Deployment/web`. Any other that is there already is refused.',
      }),
    ),
    adopted: Type.Optional(
      Type.Union([Type.Literal('keep'), Type.Literal('delete')], {
        description:
          'What was taken over, once it is not wanted any more. delete: it goes like what was made. Left out: it stays as it is, without our marks.',
      }),
    ),
    health: Type.Optional(
      Type.Array(healthRules, {
        ...mark.healthRules,
        maxItems: 50,
        description: 'When objects of a kind are healthy. Wins over what is built in.',
      }),
    ),
  },
  { description: 'How its objects are treated outside.' },
);

export type ObjectPolicy = Static<typeof objectPolicy>;

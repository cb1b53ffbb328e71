import test from 'ava';
import { Value } from 'typebox/value';
import { objectPolicy } from '../../schema/kinds/object-policy.js';

const isTaken = (path: string) => Value.Check(objectPolicy, { ignore: [{ path }] });

test('a policy takes the paths of fields, of items of lists, and of names with dots', (t) => {
  for (const path of [
    'metadata',
    'spec.replicas',
    'spec.template.spec.containers[name=web].image',
    'spec.template.spec.containers[*].args[0]',
    'spec.ports[port=80,protocol=TCP].nodePort',
    'metadata.annotations["example.com/note"]',
    'metadata.annotations.example.com/note',
    'metadata.finalizers[=example.com/hold]',
  ])
    t.true(isTaken(path), path);
});

test('a policy takes no path that would be read otherwise than it looks', (t) => {
  for (const path of ['', '.spec', 'spec.', 'spec..replicas', 'spec.ports[', 'spec.ports[]', 'spec]', 'spec.[0]x'])
    t.false(isTaken(path), path);
});

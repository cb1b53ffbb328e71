import test from 'ava';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import type { OpenOperation } from '../../server/open-operation.js';
import { OpenOperations } from '../../server/open-operations.js';

test('each that is open is found by its id, whether it is the only one or not, until it is removed', (t) => {
  const open = new OpenOperations();
  const [a, b, c] = [operation('a'), operation('b'), operation('c')];
  const holds = (...those: readonly OpenOperation[]) => {
    t.is(open.size, those.length);
    t.deepEqual([...open.all()], those);
    for (const one of [a, b, c]) t.is(open.get(one.id), those.includes(one) ? one : undefined);
  };
  holds();
  open.add(a);
  holds(a);
  open.remove('b');
  holds(a);
  open.remove('a');
  holds();
  open.add(b);
  open.add(c);
  holds(b, c);
  open.remove('b');
  holds(c);
  open.add(a);
  holds(c, a);
  open.remove('c');
  open.remove('a');
  holds();
  open.add(c);
  holds(c);
});

function operation(id: string): OpenOperation {
  return { id, definition, startMs: 0, code: 'OK', begin: () => undefined, leave() {}, resume() {} };
}

const definition = parse('{ a }').definitions.find(
  (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
) as OperationDefinitionNode;

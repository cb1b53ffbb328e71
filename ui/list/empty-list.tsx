import { useKinds } from '../kinds/kinds.js';
import { CommandLine } from '../look/command-line.js';
import { kindWords } from '../look/kind-words.js';
import { Link } from '../route/link.js';
import { homeKind, homeRoute, type ListRoute } from '../route/route.js';

/** Nothing to show: what to do next. */
export function EmptyList({ route }: { readonly route: ListRoute }) {
  const kinds = useKinds();
  const kind = kinds.get(route.kind);
  const words = kindWords(kind?.plural ?? route.kind).toLowerCase();
  const isNarrowed = route.project || route.environment || route.health || route.text;
  if (isNarrowed)
    return (
      <div className="empty">
        <h2>No {words} match</h2>
        <p>Something else may: the filters above leave out what there is.</p>
        <p>
          <Link to={{ ...homeRoute, kind: route.kind }} className="primary">
            Show all {words}
          </Link>
        </p>
      </div>
    );
  return (
    <div className="empty">
      <h2>No {words} yet</h2>
      {route.kind === homeKind ? (
        <>
          <p>Deploy an example from a terminal, and watch it come up here:</p>
          <CommandLine text="npx portolan deploy -f examples/wordpress/app.yaml --env dev" />
        </>
      ) : (
        <>
          <p>{kind?.docs}</p>
          <CommandLine text={`npx portolan explain ${route.kind.toLowerCase()}`} />
        </>
      )}
    </div>
  );
}

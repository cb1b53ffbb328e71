import type { ResourceLinkFragment } from '../../sdk/generated/operations.js';
import { useKinds } from '../kinds/kinds.js';
import { HealthMark } from '../look/health-mark.js';
import { kindWords } from '../look/kind-words.js';
import type { Selected } from '../route/route.js';
import { Section } from './section.js';

/** Other resources, each with its health; one that is pressed is looked at instead. */
export function Links({
  title,
  count,
  links,
  onSelect,
}: {
  readonly title: string;
  readonly count?: number;
  readonly links: readonly { readonly note: string; readonly target: ResourceLinkFragment }[];
  onSelect(selected: Selected): void;
}) {
  const kinds = useKinds();
  if (links.length === 0) return null;
  const rest = (count ?? links.length) - links.length;
  return (
    <Section title={title} count={count ?? links.length}>
      <ul className="links">
        {links.map(({ note, target }) => (
          <li key={`${target.id} ${note}`}>
            <button type="button" onClick={() => onSelect({ id: target.id, object: null })}>
              {(kinds.get(target.kind)?.isControlled ?? true) ? (
                <HealthMark
                  health={target.status.health}
                  hasWord={false}
                  isDeleting={target.deletionRequestedAt !== null}
                />
              ) : (
                <span />
              )}
              <span className="link-name" title={target.name}>
                <span className="soft">{kindWords(target.kind)}</span> {target.name}
              </span>
              <code className="soft">{note}</code>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="soft">and {rest} more</p>}
    </Section>
  );
}

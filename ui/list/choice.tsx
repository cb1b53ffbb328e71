/** One of several; `none` is what no choice is called, where there may be none. */
export function Choice({
  label,
  none,
  value,
  options,
  wordsOf = (option) => option,
  onChange,
}: {
  readonly label: string;
  readonly none: string | null;
  readonly value: string | null;
  readonly options: readonly string[];
  wordsOf?(option: string): string;
  onChange(value: string | null): void;
}) {
  // What an address asks for may have gone, or not have come yet.
  const all = value === null || options.includes(value) ? options : [value, ...options];
  return (
    <select aria-label={label} value={value ?? ''} onChange={(event) => onChange(event.target.value || null)}>
      {none !== null && <option value="">{none}</option>}
      {all.map((option) => (
        <option key={option} value={option}>
          {wordsOf(option)}
        </option>
      ))}
    </select>
  );
}

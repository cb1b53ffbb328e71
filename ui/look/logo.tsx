/** The rose of a portolan chart. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg className="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f3d4c" />
      <g fill="none" stroke="#f2c879" strokeWidth="1.6">
        <circle cx="16" cy="16" r="9.5" />
        <path d="M16 3v26M3 16h26M7 7l18 18M25 7 7 25" strokeWidth=".8" opacity=".7" />
      </g>
      <path d="m16 5 2.6 8.4L27 16l-8.4 2.6L16 27l-2.6-8.4L5 16l8.4-2.6z" fill="#f2c879" />
    </svg>
  );
}

/** Two nodes and a wire that draws an N. */
export function Logo() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <defs>
        <linearGradient id="app-logo" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#ffc679" />
          <stop offset="1" stopColor="#ff6b61" />
        </linearGradient>
      </defs>
      <path
        d="M8 24V8l16 16V8"
        fill="none"
        stroke="url(#app-logo)"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="8" cy="24" r="3.6" fill="#ffc679" />
      <circle cx="24" cy="8" r="3.6" fill="#ff6b61" />
    </svg>
  );
}

/** The mark of the page: two strata that slipped. */
export function Logo() {
  return (
    <svg
      width={22}
      height={22}
      viewBox="0 0 22 22"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      aria-hidden="true"
    >
      <path d="M2 7h9l2 4M2 11.5h7M13 11.5h7M9 11.5l2 4h9" strokeLinejoin="round" />
    </svg>
  );
}

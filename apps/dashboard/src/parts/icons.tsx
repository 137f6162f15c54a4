// The few signs the page needs, drawn with the text's colour and hidden from screen readers.
import type { ReactElement, ReactNode } from 'react';

function Icon({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <svg
      width="1.1em"
      height="1.1em"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const SunIcon = (): ReactElement => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2v2m0 16v2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4" />
    <path d="M2 12h2m16 0h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4" />
  </Icon>
);

export const MoonIcon = (): ReactElement => (
  <Icon>
    <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />
  </Icon>
);

export const CopyIcon = (): ReactElement => (
  <Icon>
    <rect x="9" y="9" width="12" height="12" rx="2" />
    <path d="M5 15H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v1" />
  </Icon>
);

export const CheckIcon = (): ReactElement => (
  <Icon>
    <path d="m4 12.5 5.5 5.5L20 7" />
  </Icon>
);

export const SearchIcon = (): ReactElement => (
  <Icon>
    <circle cx="11" cy="11" r="7" />
    <path d="m20.5 20.5-4.5-4.5" />
  </Icon>
);

export const DownloadIcon = (): ReactElement => (
  <Icon>
    <path d="M12 3v12m-5-5 5 5 5-5M4 20h16" />
  </Icon>
);

export const BackIcon = (): ReactElement => (
  <Icon>
    <path d="M19 12H5m6-7-7 7 7 7" />
  </Icon>
);

/** How a column is sorted. */
export const SortIcon = ({ order }: { readonly order: 'asc' | 'desc' | false }): ReactElement => (
  <Icon>
    <path d="m7 9 5-5 5 5" opacity={order === 'desc' ? 0.25 : order === 'asc' ? 1 : 0.45} />
    <path d="m7 15 5 5 5-5" opacity={order === 'asc' ? 0.25 : order === 'desc' ? 1 : 0.45} />
  </Icon>
);

const PATHS = {
  calendar: 'M3.5 5.5h13v11h-13zM3.5 8.5h13M7 3.5v3M13 3.5v3',
  back: 'm12 5-5 5 5 5',
  forward: 'm8 5 5 5-5 5',
  chevron: 'm6 8 4 4 4-4',
  close: 'm6 6 8 8m0-8-8 8',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  download: 'M10 3.5v9m-3.5-3.5 3.5 3.5 3.5-3.5M4 16.5h12',
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  moon: 'M16 11.6A6.5 6.5 0 0 1 8.4 4a6.5 6.5 0 1 0 7.6 7.6z',
  search: 'M8.8 3.8a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12.5 12.5l4 4',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1',
  up: 'M10 16V4.5M5.5 9 10 4.5 14.5 9',
  down: 'M10 4v11.5M5.5 11l4.5 4.5 4.5-4.5',
  upload: 'M10 13V4m-4 4 4-4 4 4M4 16.5h12',
  warning: 'M10 3.5 2.5 16.5h15zM10 8.5v3.5M10 14.2v.3',
} as const

/** A line icon of the size of its text. It says nothing to a screen reader: words stand beside it. */
export function Icon(props: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  )
}

/** The mark of the product: a sun over the horizon. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M7 21a9 9 0 0 1 18 0z" fill="currentColor" />
      <path
        d="M5 25.5h22M16 4.5v3.5M6.2 8.7l2.3 2.4M25.8 8.7l-2.3 2.4"
        fill="none"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-linecap="round"
      />
    </svg>
  )
}

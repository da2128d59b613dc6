/** The box of every control that takes text or a choice. 16 px on touch, or iOS zooms into it. */
export const controlLook =
  'w-full min-w-0 rounded-md border border-control bg-surface px-3 text-base touch:text-[1rem] text-text outline-offset-0 ' +
  'hover:border-text-3 aria-invalid:border-danger disabled:bg-sunken disabled:text-text-3 focus-visible:border-ring';

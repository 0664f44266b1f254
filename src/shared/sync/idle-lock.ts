/** Minutes without a key or a click after which a computer locks; 0 never. */
export const IDLE_LOCK_MINUTES = { least: 0, most: 480, usual: 0 } as const;

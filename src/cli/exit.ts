/** Exit code when everything asked for was done. */
export const EXIT_OK = 0;

/** Exit code when it was not; a sentence on standard error says why. */
export const EXIT_FAILED = 1;

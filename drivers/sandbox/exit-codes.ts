/** How a sandbox process ends that found another on its socket. */
export const alreadyThere = 3;

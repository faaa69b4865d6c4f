/** The numbers of a contact's sweep: an array, since V8 would put each one on the heap. */
export const SWEEP_NUMBERS = 8;
/** Metres to be added to the distances of the points. */
export const SHIFT = 0;
/** The most that an anchor holds, per impulse that presses; and the least that counts as pressing, N·s. */
export const HOLD = 1;
export const LEAST = 2;
/** The result: the sum of the impulses that press. */
export const PRESSING = 3;
/** [2, 2]: slips of the anchors along both tangents, metres. */
export const SLIPS = 4;

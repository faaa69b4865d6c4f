import { PHYSICS_TIMESTEP } from '../../panda/model.js';

/** PhysX's position iterations in ManiSkill's scenes. */
export const ITERATIONS = 15;
/** Seconds of one iteration. */
export const H = PHYSICS_TIMESTEP / ITERATIONS;
/** Share of an error that one iteration takes back. */
export const CORRECTION = 2 / Math.sqrt(ITERATIONS);

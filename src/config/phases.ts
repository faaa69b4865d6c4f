/** The phases of a training, in the order in which they can follow one another. */
export const PHASES = ['model', 'clone', 'offline', 'online'] as const;

export type TrainingPhase = (typeof PHASES)[number];

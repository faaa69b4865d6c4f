import { z } from 'zod';
import { expandHome } from '../files/paths.js';

export const count = () => z.int().nonnegative();
export const positive = () => z.int().positive();
export const fraction = () => z.number().min(0).max(1);

/** A strength of noise and the like, in which 1 is much. */
export const share = () => z.number().nonnegative().max(10);

/** A learning rate. Below the minimum, a step would be 0 in the learner's 32 bits. */
export const learningRate = () => z.number().min(1e-12);

/** A seed of random numbers, which are drawn from 32 bits: a larger one would give the same numbers as another one. */
export const seed = () => count().max(2 ** 32 - 1);

export const text = () => z.string().min(1, 'must not be empty');

/** A path that a user gives, or a list of several. */
export const paths = () => z.union([path(), z.array(path()).min(1, 'must name a dataset, or several')]);

/** A path that a user gives, in which `~` is the home folder. */
export const path = () =>
  text().transform((given, { addIssue }) => {
    try {
      return expandHome(given);
    } catch (error) {
      addIssue((error as Error).message);
      return z.NEVER;
    }
  });

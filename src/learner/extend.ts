import { z } from 'zod';
import type { Algorithm, Declaration, Sizes } from './algorithm.js';

/** The differences between an algorithm and the one that it is made from. */
export interface Change<Options> {
  name: string;
  paper: string;
  /** Other defaults of the same options. */
  defaults?: Partial<Options>;
  /** Another declaration, made from the original's. */
  declare?(declaration: Declaration, options: Options, sizes: Sizes): Declaration;
}

/** An algorithm made from another. */
export function extend<Options>(base: Algorithm<Options>, change: Change<Options>): Algorithm<Options> {
  const { name, paper, defaults = {}, declare = (declaration: Declaration) => declaration } = change;
  return {
    name,
    paper,
    options: z.preprocess((given) => ({ ...defaults, ...(given as object) }), base.options),
    declare: (options, sizes) => declare(base.declare(options, sizes), options, sizes),
  };
}

import type { z } from 'zod';
import type { Algorithm, Declaration, OptionsSchema, Sizes } from './algorithm.js';

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
    options: withDefaults(base.options, defaults),
    declare: (options, sizes) => declare(base.declare(options, sizes), options, sizes),
  };
}

/** The same options, of which some have other defaults. */
function withDefaults<Options>(
  options: OptionsSchema<Options>,
  defaults: Partial<Options>,
): OptionsSchema<Options> {
  const changed = Object.entries(defaults).map(([name, value]) => {
    const option = options.shape[name] as z.ZodType;
    return [name, option.default(value).describe(option.description ?? '')];
  });
  return options.safeExtend(Object.fromEntries(changed)) as unknown as OptionsSchema<Options>;
}

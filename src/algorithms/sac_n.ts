import { extend } from '../learner/extend.js';
import { sac } from './sac.js';

/** SAC with an ensemble so large that the lowest critic is pessimistic about actions that the data lack. */
export const sacN = extend(sac, {
  name: 'sac_n',
  paper: 'An et al. 2021, arXiv 2110.01548',
  defaults: { numQs: 10, actorFeatures: [256, 256, 256], criticFeatures: [256, 256, 256] },
});

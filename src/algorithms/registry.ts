import type { Algorithm } from '../learner/algorithm.js';
import { awac } from './awac.js';
import { awr } from './awr.js';
import { bc } from './bc.js';
import { bcq } from './bcq.js';
import { bear } from './bear.js';
import { bred } from './bred.js';
import { calQl } from './cal_ql.js';
import { combo } from './combo.js';
import { cql } from './cql.js';
import { crr } from './crr.js';
import { edac } from './edac.js';
import { iql } from './iql.js';
import { mopo } from './mopo.js';
import { rebrac } from './rebrac.js';
import { rlpd } from './rlpd.js';
import { sac } from './sac.js';
import { sacN } from './sac_n.js';
import { td3Bc } from './td3_bc.js';
import { uwac } from './uwac.js';

/** All algorithms by name. Each of them needs options and a bandit in `test/contract`. */
export const ALGORITHMS = {
  rlpd,
  sac,
  sac_n: sacN,
  iql,
  bc,
  awac,
  crr,
  awr,
  td3_bc: td3Bc,
  rebrac,
  cql,
  cal_ql: calQl,
  edac,
  bcq,
  bear,
  uwac,
  mopo,
  combo,
  bred,
} satisfies Record<string, Algorithm<object>>;

import type { PeerProgram } from './python_peer.js';

/** RLPD's updates in JAX; the script's argument is the number of processors. */
export const JAX_PEER = {
  name: 'JAX',
  script: 'scripts/bench/peers/jax_update.py',
  requirements: 'scripts/bench/peers/jax_requirements.txt',
  environment: 'node_modules/.cache/rlpd-peers/jax',
  variable: 'RLPD_JAX_PYTHON',
} satisfies PeerProgram;

/** The updates of d3rlpy's algorithms. */
export const D3RLPY_PEER = {
  name: 'd3rlpy',
  script: 'scripts/bench/peers/d3rlpy_update.py',
  requirements: 'scripts/bench/peers/d3rlpy_requirements.txt',
  environment: 'node_modules/.cache/rlpd-peers/d3rlpy',
  variable: 'RLPD_D3RLPY_PYTHON',
} satisfies PeerProgram;

/** The readers of the projects that datasets' formats are from. */
export const FORMATS_PEER = {
  name: 'Python',
  script: 'scripts/bench/peers/read_datasets.py',
  requirements: 'scripts/bench/peers/formats_requirements.txt',
  environment: 'node_modules/.cache/rlpd-peers/formats',
  variable: 'RLPD_FORMATS_PYTHON',
} satisfies PeerProgram;

import { rlpd } from '../../src/algorithms/rlpd.js';
import { compileStage } from '../../src/compile/compile_stage.js';
import { modelOf } from '../../src/learner/engine/model.js';
import { createLearner, SIZES } from './learner_case.js';

/** Costs of compiling a learner: seconds, and the bytes of its graphs. */
export interface Compilation {
  seconds: number;
  bytes: number;
}

/**
 * `node compile_learner.js <critics>` compiles a learner in a process that has compiled nothing before, and prints the
 * {@link Compilation} as JSON.
 */
const numQs = Number(process.argv[2]);
const start = performance.now();
const agent = await createLearner({ numQs, actorUpdateFreq: 1 }, null);
const seconds = (performance.now() - start) / 1000;
await agent.dispose();

const { width: _, ...sizes } = SIZES;
const { stages } = modelOf(rlpd.declare(rlpd.options.parse({ numQs }), sizes), sizes, 1);
const bytes = stages.map((stage) => compileStage(stage).code.length);
const compilation: Compilation = { seconds, bytes: bytes.reduce((total, size) => total + size, 0) };
console.log(JSON.stringify(compilation));

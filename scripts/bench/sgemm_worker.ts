import { InferenceSession, Tensor } from 'onnxruntime-node';
import { joinStarter } from '../../src/runtime/threads.js';
import { ForkJoin } from '../../src/threads/fork_join.js';
import type { SgemmShare } from './sgemm_floor.js';

const starter = await joinStarter<SgemmShare, never, 'ready'>();
const share = starter.start;
const session = await InferenceSession.create(share.model, {
  executionProviders: ['cpu'],
  // Or else equal products would be computed once, and all of them, being constant, when the session is made.
  graphOptimizationLevel: 'disabled',
  executionMode: 'sequential',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // A learner's operands change with every update, so they can't be laid out for the processor beforehand.
  extra: { session: { disable_prepacking: '1' } },
});
const fetches = { total: new Tensor('float32', new Float32Array(1), [1, 1]) };
const commands = new ForkJoin(['run'], share.commands);
const times = new Int32Array(share.times);

starter.post('ready');
for (;;) {
  commands.next();
  for (let run = 0; run < times[0]; run++) await session.run({}, fetches);
  commands.done();
}

import wandb from '@wandb/sdk';
import { joinStarter } from '../../runtime/threads.js';

/** Data that the thread is started with. */
export interface LiveStart {
  id: string;
  name: string;
  project: string;
  entity: string | null;
  config: object;
}

/** Message to the thread: a row of the history, or the end of the run. */
export type LiveOrder = { step: number; row: Record<string, unknown> } | { exitCode: number };

/** Message from the thread: the address of the run, once it can be seen, or that everything is sent. */
export type LiveNews = { url: string } | { finished: true };

const starter = await joinStarter<LiveStart, LiveOrder, LiveNews>();
const { entity, ...start } = starter.start;
// The variable has been read already, and the configuration may say otherwise; this is the thread's own copy of it.
process.env['WANDB_MODE'] = 'online';
const run = await wandb.init({ ...start, ...(entity === null ? {} : { entity }) });
starter.post({ url: run.url() });
starter.onMessage(async (order) => {
  if ('row' in order) {
    run.log(order.row, order.step);
    return;
  }
  await run.finish(order.exitCode);
  starter.post({ finished: true });
});

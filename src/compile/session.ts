import { availableParallelism } from 'node:os';
import { InferenceSession } from 'onnxruntime-node';
import type { Graph } from './graph.js';
import { writeOnnx } from './onnx_writer.js';

/** The environment variable with which trainings side by side are kept to their share of the processor. */
export const THREADS_VARIABLE = 'RLPD_THREADS';

/** How many threads a session uses by default: a second one helps a little, more hardly at all, on layers this small. */
export function defaultThreads(): number {
  return Math.min(2, Number(process.env[THREADS_VARIABLE]) || availableParallelism());
}

/**
 * Prepares a graph for ONNX Runtime's CPU provider.
 *
 * Never set `session.set_denormal_as_zero` here: it puts the calling thread into flush-to-zero mode for good, and a
 * physics engine running in that thread then computes wrong contacts, without any error.
 */
export function createSession(graph: Graph, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(writeOnnx(graph), {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Idle threads that spin would take the processor from the environments' workers.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
}

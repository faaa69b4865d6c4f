import type { RunProgress } from '../run_progress.js';
import { CHECKPOINT_FORMAT, checkpointPath, progressIn } from './checkpoint.js';
import { readMetadata } from './safetensors_file.js';

/**
 * The progress in a run's last checkpoint, from its header alone; null if there is none that can be read. Only a run that
 * goes on from it finds out whether the rest is whole.
 */
export function savedProgress(modelsPath: string): RunProgress | null {
  try {
    const { format, version, contents } = readMetadata(checkpointPath(modelsPath, 'latest'));
    const isOurs = format === CHECKPOINT_FORMAT.format && version === CHECKPOINT_FORMAT.version;
    return isOurs ? progressIn(JSON.parse(contents)) : null;
  } catch {
    return null;
  }
}

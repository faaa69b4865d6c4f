import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogDestination } from '../../../src/logging/logger.js';
import { LiveRun } from '../../../src/logging/wandb/live_run.js';
import { wandbSettings } from '../../../src/logging/wandb/settings.js';
import { openWandbRun } from '../../../src/logging/wandb/wandb_run.js';
import { folderOfTest } from '../../temporary_folder.js';
import { tinyConfig } from '../training/tiny_run.js';

/** The little of the service that the official package talks to, and what it was told. */
class Service {
  readonly rows: Record<string, unknown>[] = [];
  run: Record<string, unknown> = {};
  exitCode: number | undefined;
  answers = true;
  private readonly server: Server = createServer((request, response) => {
    if (!this.answers) return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const message = JSON.parse(Buffer.concat(chunks).toString());
      response.setHeader('content-type', 'application/json');
      const isStream = request.url!.endsWith('/file_stream');
      response.end(JSON.stringify(isStream ? this.stream(message) : this.query(message)));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private query({ query, variables }: { query: string; variables: Record<string, unknown> }): object {
    if (!query.includes('upsertBucket')) return { data: { viewer: { entity: 'me' } } };
    this.run = variables;
    return { data: { upsertBucket: { bucket: { displayName: variables['name'] } } } };
  }

  private stream(message: {
    files?: Record<string, { offset: number; content: string[] }>;
    exitcode?: number;
  }) {
    const { offset = 0, content = [] } = message.files?.['wandb-history.jsonl'] ?? {};
    content.forEach((line, i) => {
      this.rows[offset + i] = JSON.parse(line);
    });
    this.exitCode ??= message.exitcode;
    return {};
  }
}

let folder: string;
let service: Service;
let notes: string[];
beforeEach(async () => {
  folder = folderOfTest();
  service = new Service();
  notes = [];
  vi.stubEnv('WANDB_BASE_URL', await service.start());
  vi.stubEnv('WANDB_API_KEY', 'a'.repeat(40));
  vi.stubEnv('WANDB_RUN_ID', 'r1u2n3i4');
  vi.stubEnv('WANDB_MODE', 'offline');
});
afterEach(() => {
  service.stop();
  vi.unstubAllEnvs();
});

function open(resumedAt: number | null = null): LogDestination {
  return openWandbRun({
    settings: wandbSettings(tinyConfig(folder, ['logger.wandb=True', 'logger.wandb_mode=online']))!,
    runFolder: folder,
    name: 'exp',
    config: { seed: 3 },
    resumedAt,
    seconds: () => 1,
    note: (text) => notes.push(text),
  });
}

describe('an online run', () => {
  it('shows configuration, history and exit code, also of what it was resumed from', async () => {
    const video = join(folder, 'a.mp4');
    writeFileSync(video, 'no real video');
    const first = open();
    first.log(100, { 'train/q': 0.5, 'train/entropy': Number.NaN });
    first.video!(100, 'eval/video', { path: video });
    first.histogram!(200, 'histograms/q', [0, 1]);
    first.log(300, { 'train/q': 9 });
    await first.close(130);
    expect(service.exitCode).toBe(130);
    expect(service.run).toMatchObject({ name: 'r1u2n3i4', project: 'ManiSkill', displayName: 'exp' });
    expect(JSON.parse(service.run['config'] as string)).toEqual({ seed: 3 });
    expect(service.rows[0]).not.toHaveProperty('eval/video');

    service.rows.length = 0;
    const second = open(200);
    second.log(300, { 'train/q': 1 });
    await second.close(0);
    expect(service.rows).toMatchObject([
      { _step: 100, env_steps: 100, 'train/q': 0.5, 'train/entropy': null },
      { _step: 200, env_steps: 200, 'histograms/q': { _type: 'histogram' } },
      { _step: 300, env_steps: 300, 'train/q': 1 },
    ]);
    expect(notes.filter((note) => note.startsWith('watch'))).toHaveLength(2);
    expect(notes.at(-1)).toMatch(/^complete the run .*: wandb sync /);
  });

  it('ends although the service does not answer, when it has waited for it long enough', async () => {
    service.answers = false;
    const live = new LiveRun(
      { id: 'a', name: 'exp', project: 'p', entity: null, config: {} },
      (text) => void notes.push(text),
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const finished = live.finish(0);
    vi.runAllTimers();
    vi.useRealTimers();
    await finished;
    expect(notes).toEqual([]);
  });

  it('that can not be shown says so once and is recorded all the same', async () => {
    service.stop();
    const run = open();
    run.log(100, { 'train/q': 1 });
    run.flush!();
    await run.close(0);
    expect(notes[0]).toMatch(/^can't show the run at Weights & Biases/);
    expect(notes[1]).toContain('wandb sync');
    expect(notes).toHaveLength(2);
  });
});

import { describe, expect, it } from 'vitest';
import { ManiSkillDataset } from '../../../src/datasets/formats/maniskill/reader.js';
import { type RecordedVideoRequest, recordedVideo } from '../../../src/video/recorded_video.js';
import { folderOfTests } from '../../temporary_folder.js';
import { copyWithJson, demoFixture } from '../datasets/formats/maniskill/fixtures.js';

const folder = folderOfTests();

function request(changes: Partial<RecordedVideoRequest> = {}): RecordedVideoRequest {
  return {
    path: demoFixture('pick_cube'),
    episodes: { first: 1 },
    step: null,
    fps: 20,
    tileSize: 64,
    ...changes,
  };
}

describe('recordedVideo', () => {
  it('shows every recorded state with reward and success as recorded', async () => {
    const { envId, clips } = await recordedVideo(request({ episodes: [10] }));
    const dataset = await ManiSkillDataset.open(demoFixture('pick_cube'));
    const episode = dataset.record.episodes.find(({ episodeId }) => episodeId === 10)!;
    const { length, rewards, success } = dataset.read(episode);
    const { actors, articulations } = dataset.readEnvStates(episode)!;
    dataset.close();

    expect(envId).toBe('PickCube-v1');
    const [{ title, frames }] = clips;
    expect(title).toBe('episode 10');
    expect(frames.map(({ step }) => step)).toEqual([...Array(length + 1).keys()]);
    expect(frames[0]).toMatchObject({ reward: null, success: false, rewardTerms: {} });
    expect(frames.slice(1).map(({ reward }) => reward)).toEqual([...rewards!]);
    expect(frames.slice(1).map((frame) => frame.success)).toEqual([...success].map(Boolean));
    expect(frames.at(-1)!.success).toBe(true);
    for (const step of [0, 30, length]) {
      expect([...frames[step].state.actors.cube]).toEqual([...actors.cube.slice(13 * step, 13 * step + 13)]);
      expect([...frames[step].state.articulations.panda]).toEqual([
        ...articulations.panda.slice(31 * step, 31 * step + 31),
      ]);
    }
  });

  it('chooses episodes by number and by id, in the order asked for', async () => {
    const titles = async (episodes: RecordedVideoRequest['episodes']) =>
      (await recordedVideo(request({ episodes }))).clips.map(({ title }) => title);
    expect(await titles({ first: 2 })).toEqual(['episode 1', 'episode 2']);
    expect(await titles([10, 1])).toEqual(['episode 10', 'episode 1']);
  });

  it('shows one moment of an episode', async () => {
    const { clips } = await recordedVideo(request({ episodes: [2], step: 12 }));
    expect(clips[0].frames.map(({ step }) => step)).toEqual([12]);
  });

  it('shows no rewards where none were recorded', async () => {
    const { clips } = await recordedVideo(request({ path: demoFixture('pick_cube_raw') }));
    expect(clips[0].frames.every(({ reward }) => reward === null)).toBe(true);
  });

  it.each([
    [{ episodes: [3] }, 'pick_cube.h5: no episode 3; there are 1, 2, 10'],
    [{ path: demoFixture('pick_cube_failures') }, 'traj_0 has no env_states'],
    [{ step: 100 }, 'there is no step 100'],
    [{ path: demoFixture('none') }, 'no such file'],
  ])('refuses %j', async (changes, message) => {
    await expect(recordedVideo(request(changes))).rejects.toThrow(message);
    await expect(recordedVideo(request(changes))).rejects.toMatchObject({ name: 'UserError' });
  });

  it.each([
    ['"PickCube-v1"', '"Juggling-v1"', 'unknown environment "Juggling-v1"'],
    ['"env_id"', '"environment"', 'names no env_id'],
  ])('refuses a json in which %s is %s', async (from, to, message) => {
    const path = await copyWithJson(folder, 'changed', (json) => json.replace(from, to));
    await expect(recordedVideo(request({ path }))).rejects.toThrow(message);
  });
});

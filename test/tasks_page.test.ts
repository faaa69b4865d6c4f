import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expertControlModes } from '../envs/experts/make_expert.js';
import { environmentEntry, environmentSpec, tableTopTasks, taskOf } from '../envs/registry.js';

const page = readFileSync('docs/tasks.md', 'utf8');
const MAX_PICTURE_BYTES = 60_000;
/** Parts of the observation that the page names for all tasks together. */
const COMMON_PARTS = ['qpos', 'qvel', 'tcp_pose'];

/** The cells of a task's row in the table. */
function rowOf(envId: string): string[] {
  const row = page.split('\n').find((line) => line.startsWith(`| [${envId}](#`));
  return row!.split('|').map((cell) => cell.trim());
}

function sectionOf(envId: string): string {
  return page.split(`\n## ${envId}\n`)[1].split('\n## ')[0];
}

const taskIds = tableTopTasks().map(({ id }) => id);

describe.each(taskIds)('the page about %s', (envId) => {
  const task = taskOf(envId);
  const { observationDim, observationLayout } = environmentSpec(envId, {
    controlMode: 'pd_joint_delta_pos',
    rewardMode: 'sparse',
  });

  it('has the facts of the registry in its table', () => {
    const [, link, robot, steps, observation, rewards] = rowOf(envId);
    const { maxEpisodeSteps, rewardModes } = environmentEntry(envId);
    expect(link).toBe(`[${envId}](#${envId.toLowerCase()})`);
    expect(robot).toBe(`\`${task.robot.name}\``);
    expect([steps, observation]).toEqual([`${maxEpisodeSteps}`, `${observationDim}`]);
    expect(rewards).toBe(rewardModes.includes('dense') ? 'dense' : 'sparse');
    expect(rowOf(envId).at(-2)).toBe(task.expert?.flaws.map((flaw) => `\`${flaw}\``).join(', '));
  });

  it('names every part of its observation', () => {
    const section = sectionOf(envId);
    const names = observationLayout.map(({ name }) => name.replace(/^\w+\./, ''));
    const own = names.filter((name) => !COMMON_PARTS.includes(name));
    expect(own.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  it('says if it is judged by success at any step', () => {
    const isOnce = environmentEntry(envId).judgedBy === 'success_once';
    expect(sectionOf(envId).includes('**Judged** by success at any step')).toBe(isOnce);
    expect(page.split('\n## ')[0].includes(`in [${envId}](#${envId.toLowerCase()}) at any step`)).toBe(
      isOnce,
    );
  });

  it('shows a picture of it', () => {
    const picture = `tasks/${envId}.png`;
    expect(sectionOf(envId)).toMatch(new RegExp(`!\\[.+\\]\\(${picture}\\)`));
    expect(statSync(`docs/${picture}`).size).toBeLessThan(MAX_PICTURE_BYTES);
  });
});

it('the page has the control modes of the experts, and no pictures beside those of the tasks', () => {
  const withoutTurns = taskIds.filter((id) => !expertControlModes(id).includes('pd_ee_delta_pos'));
  expect(page.replaceAll(/\s+/g, ' ')).toContain(`all but those of ${withoutTurns.join(' and ')}`);
  expect(readdirSync('docs/tasks').toSorted()).toEqual(taskIds.map((id) => `${id}.png`).toSorted());
});

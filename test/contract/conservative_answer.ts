/**
 * The state that conservative Q-learning comes to rest in, on one observation whose data are uniform in [−1, 1], if neither
 * softness nor entropy is scaled (T = α = 1): the deviation of the policy π ∝ exp Q, and how much higher the data's actions are
 * valued than rewarded.
 *
 * With the data's density β = ½, the loss is stationary where 2·(Q − r)·β + w·(ρ − β) = 0. ρ is the share of each action in the
 * soft maximum over a third of uniform candidates and two thirds of the policy, of which those below the row's `returns` get no
 * gradient; each candidate stands for 1/μ others. Rows have the returns of their own actions.
 */
export function conservativeAnswer(
  reward: (action: number) => number,
  weight: number,
  returns: (action: number) => number,
): { deviation: number; bias: number } {
  const count = 101;
  const width = 2 / count;
  const actions = Array.from({ length: count }, (_, i) => -1 + (i + 0.5) * width);
  const rewards = actions.map(reward);
  let values = rewards;
  for (let step = 0; step < 400; step++) {
    const shares = actions.map(() => 0);
    for (const action of actions) {
      const bound = returns(action);
      const bounded = values.reduce(
        (sum, value) => sum + Math.exp(value) + 2 * Math.exp(Math.max(value, bound)),
        0,
      );
      values.forEach((value, i) => {
        shares[i] += (Math.exp(value) * (value < bound ? 1 : 3)) / (bounded * width * count);
      });
    }
    values = values.map((value, i) => {
      const rest = rewards[i] - (weight / 2) * (2 * shares[i] - 1);
      return value + 0.1 * (rest - value);
    });
  }
  const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
  const policyMean = (of: (action: number) => number) =>
    actions.reduce((sum, action, i) => sum + (of(action) * Math.exp(values[i])) / total, 0);
  const mean = policyMean((action) => action);
  return {
    deviation: Math.sqrt(policyMean((action) => (action - mean) ** 2)),
    bias: values.reduce((sum, value, i) => sum + (value - rewards[i]) / count, 0),
  };
}

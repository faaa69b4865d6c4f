#!/usr/bin/env node
import { runProcess } from '../src/cli.js';

await runProcess(['collect', ...process.argv.slice(2)]);

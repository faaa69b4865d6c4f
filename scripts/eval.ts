#!/usr/bin/env node
import { runProcess } from '../src/cli.js';

await runProcess(['eval', ...process.argv.slice(2)]);

#!/usr/bin/env node
import { runProcess } from '../src/cli.js';

await runProcess(['make_demos', ...process.argv.slice(2)]);

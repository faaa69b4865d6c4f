#!/usr/bin/env node
import { main } from '../src/cli.js';

process.exit(await main(['make_demos', ...process.argv.slice(2)]));

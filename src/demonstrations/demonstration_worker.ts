import { performForOthers } from '../threads/perform_tasks.js';
import { Demonstrator } from './demonstrator.js';

await performForOthers(Demonstrator.create);

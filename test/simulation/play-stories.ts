import type { Story } from "./story.ts";
import { simulate } from "./simulate.ts";

// A player's process: told a story, it answers how it ended.

process.on("message", (story: Story) => void simulate(story).then((ending) => process.send!(ending)));

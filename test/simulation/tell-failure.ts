import { type Finding, LOST } from "./ending.ts";
import { inWords, replayCommand } from "./words.ts";
import type { Player } from "./player.ts";
import type { Story } from "./story.ts";
import { shrink } from "./shrink.ts";

/**
 * The shortest story found that still breaks that law, in words, and the command that plays it (E102). One that took
 * its process along is told whole: to play it hundreds of times could take hours.
 */
export const tellFailure = async (
  story: Story,
  first: Finding,
  player: Pick<Player, "play">,
): Promise<string> => {
  const told = async (): Promise<string> => {
    if (first.law === LOST) return inWords(story, [first]);
    const shrunk = await shrink(story, first.law, player.play);
    return inWords(shrunk.story, shrunk.ending.findings);
  };
  return `${await told()}\n${replayCommand(story.seed)}`;
};

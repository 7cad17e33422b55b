import type { BlockAction, GlobalShortcut, MessageShortcut, SlashCommand, ViewClosedAction, ViewSubmitAction } from '@slack/bolt';
export type Interactions = {
  block_actions: BlockAction;
  view_submission: ViewSubmitAction;
  view_closed: ViewClosedAction;
  message_action: MessageShortcut;
  shortcut: GlobalShortcut;
  slash: SlashCommand;
};

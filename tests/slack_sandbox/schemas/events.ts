import type { SlackEvent, AllMessageEvents } from '@slack/types';
export type AnyEvent = SlackEvent;
export type AnyMessage = AllMessageEvents;

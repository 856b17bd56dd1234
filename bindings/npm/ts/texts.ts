// Functions of texts.

import { utf8 } from '#http'
import * as wasm from '#wasm'

import type { Remedy } from './got.js'
import { attempt } from './wasm.js'

/** What a message of a browser's console means. */
export interface Explained {
  engine: string
  reason: string
  preflight: boolean
  /** Whether it is about CORS at all. */
  cors: boolean
  meaning: string
  step?: string
  see?: string
  guide?: string
  fix?: string
  remedy?: Remedy
  /** The message. */
  text: string
  count: number
  lines: number[]
  /** All of it, for people. */
  explanation: string
  [more: string]: unknown
}

/** Explains each message in what a browser's console printed, in order. Other text is passed over. */
export function explain(text: string): Explained[] {
  return JSON.parse(wasm.explain(text))
}

export interface SimulateOptions {
  /** With several engines, the outcomes stand side by side in `engines`, with the standard's. Default: `standard`. */
  engines?: string[]
  /** Whether each outcome has its explanation as `text`. */
  text?: boolean
}

/** An outcome, as the manual on scenarios describes it. */
export interface ScenarioOutcome {
  format: number
  id: string
  [more: string]: any
}

/** Says what happens in scenarios: objects, or JSON or JSON Lines as a text. */
export function simulate(scenarios: string | object | object[], options: SimulateOptions = {}): ScenarioOutcome[] {
  const text = typeof scenarios === 'string' ? scenarios : JSON.stringify(scenarios)
  return JSON.parse(attempt(() => wasm.simulate(text, JSON.stringify(options))))
}

export interface HarOptions {
  engines?: string[]
  /** The origin of the page, where the recording does not tell. */
  origin?: string
  /** The credentials mode of requests without a recorded cookie. Default: `same-origin`. */
  credentials?: 'omit' | 'same-origin' | 'include'
}

/** What a recording shows, as the manual on recordings describes it. */
export interface JudgedHar {
  entries: { verdict: 'blocked' | 'fragile' | 'unanswered' | 'fine'; method: string; url: string; [more: string]: any }[]
  summary: Record<string, number>
  /** Where the recording could not be read to its end. */
  broken: string | null
  [more: string]: unknown
}

/** Judges a HAR: its text, its bytes, or the parsed object. */
export async function judgeHar(recording: string | Uint8Array | object, options: HarOptions = {}): Promise<JudgedHar> {
  const { judge_har } = await wasm.audit()
  const bytes = ArrayBuffer.isView(recording)
    ? (recording as Uint8Array)
    : utf8(typeof recording === 'string' ? recording : JSON.stringify(recording))
  return JSON.parse(attempt(() => judge_har(bytes, JSON.stringify(options))))
}

/** A departure of an engine from the standard. */
export interface Departure {
  departure: string
  step: string
  standard: string
  instead: string
  seen_in: { engine: string; since?: string; until?: string; certainty: string }[]
  [more: string]: unknown
}

/** The releases that were recorded, newest last, and how they depart from the standard. */
export function engines(): {
  releases: { name: string; engine: string; product: string | null; departures: string[] }[]
  departures: Departure[]
} {
  return JSON.parse(wasm.engines())
}

/** The codes of reasons, each with its page of the guide, and MDN's where there is one. */
export function reasons(): { code: string; summary: string; guide: string; see?: string }[] {
  return JSON.parse(wasm.reasons())
}

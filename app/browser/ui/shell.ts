/** Runs an application of pages: sign-in, moving between them, signing out. One for patients, one for staff. */

import * as api from "../core/api";
import { language } from "../core/language";
import { begin, beginFor, type Session } from "../core/session";
import { watchAccount, watchAsking, watchWallets, type Wallet } from "../core/wallets";
import { forgetKeys } from "../layouts/keys_end";
import { failures } from "../text/failures";
import { frame as t } from "../text/frame";
import { forgetBegun } from "./begun";
import { connectCard } from "./connect";
import { closeDialogs } from "./dialog";
import { button, byId, element } from "./dom";
import { drawAccount, drawFrame, drawTheme, entitle } from "./frame";
import { attempt, fail, goTo, say, sayAsking, whenSignInEnds } from "./messages";
import { drawNavigation, startNavigation } from "./navigation";
import { keepOffline } from "./offline";
import { notice } from "./parts";
import { chooseLanguage, chooseTheme, startLanguage, startTheme, theme } from "./preferences";
import { noteSignIn, reloaded, Remembered } from "./remembered";
import { goToPlace, placeOf, watchPlace } from "./router";
import { Stage, type How } from "./stage";
import { tellTabs, watchTabs } from "./tabs";
import type { Context, View } from "./view";

export interface Application {
  readonly audience: api.Me["role"];
  readonly views: readonly [View, ...View[]];
  readonly title: () => string;
  readonly intro: () => string;
  /** What somebody of the other audience is told, and where the page for them is. */
  readonly foreign: () => string;
  readonly other: `/${string}`;
  /** Drawn with the frame: for whom the pages are, or null while nobody is signed in. */
  readonly around?: (session: Session | null) => void;
  /** Ends what a sign-in began elsewhere than at the gateway. */
  readonly leaving?: (session: Session, network: api.Network) => Promise<void>;
}

class Shell {
  private network: api.Network | null = null;
  private wallets: readonly Wallet[] = [];
  private session: Session | null = null;
  /** Who was signed in last: whose it is what was begun. */
  private last: string | null = null;
  /** Of this sign-in: each has its own. */
  private remembered = new Remembered();
  private readonly stage = new Stage();
  private signedIn = new AbortController();
  /** What is said in the end to whoever leaves. */
  private farewell = "";
  /** Whether one sign-in is taking the place of another. */
  private changing = false;

  constructor(private readonly application: Application) {}

  run(): void {
    startLanguage();
    startTheme();
    startNavigation();
    watchAsking(sayAsking);
    whenSignInEnds((how) => {
      if (this.session === null) return false;
      if (this.changing) return true; // what is still answered to the former sign-in
      void attempt(() => this.leave(how === "sign-in-replaced" ? t().signInReplaced : t().signInEnded));
      return true;
    });
    watchTabs(() => {
      if (this.session !== null) void attempt(async () => void (await api.requireMeant()));
    });
    watchPlace(() => void attempt(() => this.draw("arrived")));
    watchWallets((found) => {
      this.wallets = found;
      if (this.session === null) void attempt(() => this.draw("anew"));
    });
    byId("language").addEventListener("click", () => void attempt(() => this.speak()));
    byId("theme").addEventListener("click", () => {
      chooseTheme(theme() === "dark" ? "light" : "dark");
      drawTheme();
    });
    byId("skip").addEventListener("click", () => goTo(byId("page-title")));
    this.around();
    // Without a secure context a browser has neither WebCrypto nor, in most wallets, a provider.
    if (window.isSecureContext) {
      void this.start();
      keepOffline((error) => console.warn(error));
    } else byId("problem").replaceChildren(element("p", {}, failures().insecure));
  }

  private async start(): Promise<void> {
    say(t().loading);
    try {
      this.network = await api.network();
    } catch (error) {
      fail(error, button(t().retry, "primary", () => this.start()));
      return;
    }
    if (reloaded(this.application.audience)) say(t().reloaded);
    else say();
    await attempt(() => this.draw("anew"));
  }

  private async speak(): Promise<void> {
    chooseLanguage(language() === "en" ? "zh" : "en");
    say();
    await this.draw("anew");
  }

  private async enter(wallet: Wallet, network: api.Network): Promise<void> {
    const opened = await begin(wallet, network);
    this.signedIn = new AbortController();
    this.use(opened);
    if (opened.role === this.application.audience) noteSignIn(opened.role, "in");
    watchAccount(wallet, opened.account, () => {
      if (this.session === opened) void attempt(() => this.leave(t().accountChanged));
    });
    await this.draw("arrived");
  }

  private use(session: Session): void {
    if (this.last !== session.account) forgetBegun();
    this.last = session.account;
    this.session = session;
    api.askFor(session.who);
    tellTabs();
  }

  /** Goes on as the same account for somebody else: nothing that was read for one is shown for the other. */
  private async act(did: string | null, from: Session, sure: () => Promise<void>): Promise<void> {
    const begun = beginFor(did, from, this.signedIn.signal, { sure, changing: () => (this.changing = true) });
    const opened = await begun.finally(() => (this.changing = false));
    if (this.session !== from) {
      await api.signOut(opened.who); // signed out meanwhile: nobody else would end what has just begun
      return;
    }
    this.signedIn.abort();
    this.signedIn = new AbortController();
    forgetKeys();
    this.remembered = new Remembered();
    closeDialogs();
    this.use(opened);
    watchAccount(opened.wallet, opened.account, () => {
      if (this.session === opened) void attempt(() => this.leave(t().accountChanged));
    });
    await this.draw("arrived");
  }

  /** Shows the way in, at the same address: whoever signs in again goes on there. */
  private async leave(why: string): Promise<void> {
    const { session, network } = this;
    this.farewell = why;
    if (session === null) return say(why); // begun already, by whoever noticed first
    this.session = null;
    api.askFor(null);
    this.signedIn.abort();
    forgetKeys();
    noteSignIn(this.application.audience, "out");
    this.remembered = new Remembered();
    closeDialogs();
    await this.draw("anew");
    if (document.activeElement === document.body) goTo(byId("page-title")); // what was pressed is gone
    const elsewhere = network ? this.application.leaving?.(session, network) : undefined;
    await Promise.all([api.signOut(session.who), elsewhere]);
    tellTabs();
    say(this.farewell);
  }

  /** Whoever goes on purpose leaves nothing for the next person at this device. */
  private async signOut(): Promise<void> {
    const over = this.leave(t().signedOut); // leaving a form keeps what stands in it
    forgetBegun();
    await over;
  }

  /** The view that the address names; the first for any other address. */
  private current(): View {
    const place = placeOf(location.hash);
    const { views } = this.application;
    return views.find(({ route }) => route === place?.route) ?? views[0];
  }

  private around(): void {
    const inside = this.session?.role === this.application.audience;
    drawFrame(this.network);
    drawAccount(this.session, () => attempt(() => this.signOut()));
    drawNavigation(inside ? this.application.views : [], inside ? this.current().route : null);
    this.application.around?.(inside ? this.session : null);
    if (inside) entitle(this.current().title());
    else entitle(this.application.title(), this.application.intro());
  }

  /** Draws what is known now. Arriving moves the reader to the page's title; drawing anew leaves the place as it is. */
  private async draw(how: How, focus?: string): Promise<void> {
    const left = this.stage.clear();
    this.around();
    const { session, network } = this;
    if (session === null || network === null) {
      this.stage.put(network === null ? [] : [connectCard(this.wallets, (one) => attempt(() => this.enter(one, network)))]);
      return;
    }
    if (session.role !== this.application.audience) {
      const there = element("a", { href: this.application.other }, t().goThere);
      this.stage.put([notice("warning", element("p", {}, this.application.foreign()), there)]);
      return;
    }
    if (how === "arrived") this.stage.arrive();
    const make = (): Promise<HTMLElement> => this.current().render(this.context(session, network, left));
    if (await this.stage.show(make, left, () => this.draw("arrived"))) this.stage.settle(how, focus);
  }

  private context(session: Session, network: api.Network, left: AbortSignal): Context {
    // What goes on from this page, when another sign-in has begun, neither reads nor writes what that one remembers.
    const { remembered } = this;
    return {
      session,
      network,
      left,
      signedOut: this.signedIn.signal,
      part: placeOf(location.hash)?.part ?? null,
      show: (route, part, focus) => {
        this.stage.leadTo(focus);
        goToPlace(route, part);
      },
      refresh: (focus) => this.draw("anew", focus),
      once: (name, make) => remembered.once(name, make),
      forget: (name) => remembered.forget(name),
      act: (did, sure = async () => {}) => this.act(did, session, sure),
      leave: (why) => this.leave(why),
    };
  }
}

export function run(application: Application): void {
  new Shell(application).run();
}

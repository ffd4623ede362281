"""The application: blueprints, failures, headers."""

from __future__ import annotations

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from consentry.gateway import (
    auditing,
    auth,
    behalf,
    body,
    chain,
    colleagues,
    consents,
    consortium,
    countersigning,
    emergency,
    endings,
    episodes,
    erasures,
    fhir,
    finding,
    hardening,
    identity,
    languages,
    links,
    mailing,
    mandates,
    metrics,
    network,
    notifications,
    oauth,
    paces,
    page_files,
    pages,
    parts,
    people,
    petitions,
    problems,
    publications,
    readiness,
    reading,
    records,
    recoveries,
)
from consentry.gateway.parts import Gateway


def create_app(gateway: Gateway) -> Flask:
    """The WSGI application of one gateway."""
    app = page_files.Pages(__name__)
    app.config["MAX_CONTENT_LENGTH"] = body.MAX_BYTES
    # no redirects to tidier addresses: a redirect is HTML
    app.url_map.merge_slashes = app.url_map.strict_slashes = False
    provider = DefaultJSONProvider(app)
    provider.sort_keys, provider.ensure_ascii = False, False
    app.json = provider
    parts.keep(app.extensions, gateway)
    metrics.install(app, gateway)
    languages.install(app)
    hardening.install(app, gateway.site, gateway.page.places.origins)
    paces.install(app, gateway.pace, gateway.proxies)
    hardening.refuse_foreign(app, gateway.site)
    readiness.install(app, gateway)
    pages.install(app, gateway)
    consortium.install(app, gateway)
    # in this order from the last to the first: what is withheld is audited as such, and all answers have the same headers
    auditing.install(app)
    endings.install(app)
    auth.install(app)
    problems.install(app)
    areas = (
        pages,
        readiness,
        page_files,
        people,
        oauth,
        network,
        consents,
        identity,
        mandates,
        behalf,
        metrics,
        petitions,
        recoveries,
        emergency,
        countersigning,
        colleagues,
        notifications,
        links,
        episodes,
        reading,
        publications,
        records,
        erasures,
        chain,
        finding,
        mailing,
    )
    for module in (*areas, fhir):
        app.register_blueprint(module.routes)
    return app

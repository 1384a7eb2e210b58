"""The route table: every address of the API, who may use it, and the function behind each method.

Tornado's addresses, the OpenAPI document and the test of permissions are all made from it. Denied is what is not
granted here: a function without a row cannot be reached, a row without a permission cannot be written.
"""

from typing import Any

from appliance.domain.roles import Permission
from webadmin import events, listen
from webadmin.api import (
    account,
    alarm_mails,
    alarms,
    annotations,
    audio,
    backups,
    boards,
    calls,
    cdr,
    clock,
    commissioning,
    confirmation,
    contacts,
    corrections,
    departments,
    entry,
    exports,
    extensions,
    first_steps,
    home,
    interactions,
    keeping,
    kept,
    licences,
    line_doctor,
    lists,
    live,
    look,
    mirror,
    monitoring,
    network,
    operations,
    power,
    query,
    retention,
    roles,
    rules,
    second_disk,
    selftest,
    session,
    settings,
    settings_file,
    shares,
    statements,
    statistics,
    storage,
    support,
    system,
    texts,
    tour,
    update,
    users,
    view_list,
    web_access,
    why,
)
from webadmin.files import XLSX_TYPE
from webadmin.openapi import document
from webadmin.operation import LARGE_BODY_BYTES, Asked, Nothing, Operation, Route, SocketRoute

PREFIX = "/api/v1/"


async def describe(asked: Asked[Nothing, Nothing]) -> dict[str, Any]:  # noqa: ARG001 - as all operations
    """What the API can do as OpenAPI 3.1, made from the route table."""
    return document(ROUTES, SOCKETS, PREFIX)


ROUTES: tuple[Route, ...] = (
    Route("openapi.json", {"GET": Operation(describe, Permission.OPEN)}),
    Route(
        "session",
        {
            "GET": Operation(session.show, Permission.OPEN),
            "POST": Operation(session.sign_in, Permission.OPEN),
            "DELETE": Operation(session.sign_out, Permission.SELF, for_lookers=True),
        },
    ),
    Route("session/second", {"POST": Operation(session.give_second, Permission.OPEN)}),
    Route("session/passkey/options", {"POST": Operation(session.passkey_options, Permission.OPEN)}),
    Route("session/passkey", {"POST": Operation(session.by_passkey, Permission.OPEN)}),
    Route(
        "session/confirmation",
        {
            "POST": Operation(confirmation.give, Permission.SELF),
            "DELETE": Operation(confirmation.end, Permission.SELF),
        },
    ),
    Route("session/confirmation/second", {"POST": Operation(confirmation.give_second, Permission.SELF)}),
    Route("reset", {"POST": Operation(entry.reset, Permission.OPEN)}),
    Route("reset/link", {"POST": Operation(entry.show_link, Permission.OPEN)}),
    Route("account", {"GET": Operation(account.show, Permission.SELF)}),
    Route("account/sessions/{session_id}", {"DELETE": Operation(account.end_session, Permission.SELF)}),
    Route("account/sessions/end-others", {"POST": Operation(account.end_other_sessions, Permission.SELF)}),
    Route("account/app", {"POST": Operation(account.begin_app, Permission.SELF)}),
    Route("account/app/confirm", {"POST": Operation(account.confirm_app, Permission.SELF)}),
    Route("account/app/remove", {"POST": Operation(account.remove_app, Permission.SELF)}),
    Route("account/recovery-codes", {"POST": Operation(account.renew_codes, Permission.SELF)}),
    Route("account/passkeys/options", {"POST": Operation(account.passkey_options, Permission.SELF)}),
    Route("account/passkeys", {"POST": Operation(account.add_passkey, Permission.SELF, status=201)}),
    Route("account/passkeys/{passkey_id}", {"DELETE": Operation(account.remove_passkey, Permission.SELF)}),
    Route("account/tokens", {"POST": Operation(account.add_token, Permission.SELF, status=201)}),
    Route("account/tokens/{token_id}", {"DELETE": Operation(account.revoke_token, Permission.SELF)}),
    Route("sessions", {"GET": Operation(entry.list_sessions, Permission.USERS)}),
    Route("sessions/{session_id}", {"DELETE": Operation(entry.end_session, Permission.USERS)}),
    Route("tokens", {"GET": Operation(entry.list_tokens, Permission.USERS)}),
    Route("tokens/{token_id}", {"DELETE": Operation(entry.revoke_token, Permission.USERS)}),
    Route("ldap/trial", {"POST": Operation(entry.try_ldap, Permission.SETTINGS)}),
    Route("setup", {"POST": Operation(session.set_up, Permission.OPEN)}),
    Route("session/password", {"POST": Operation(session.change_password, Permission.SELF)}),
    Route("texts/{language}", {"GET": Operation(texts.show, Permission.OPEN)}),
    Route("home", {"GET": Operation(home.show, Permission.HOME)}),
    Route("live", {"GET": Operation(live.show, Permission.LIVE)}),
    Route("live/channels", {"GET": Operation(live.show_channels, Permission.LIVE)}),
    Route("live/{call_id}/control", {"POST": Operation(live.control, Permission.CONTROL, status=202)}),
    Route("mirror", {"GET": Operation(mirror.show, Permission.HOME)}),
    Route("mirror/nets", {"GET": Operation(mirror.show_nets, Permission.HOME)}),
    Route("boards", {"GET": Operation(boards.show, Permission.SYSTEM)}),
    Route(
        "boards/channels",
        {
            "GET": Operation(boards.show_channels, Permission.SYSTEM),
            "PUT": Operation(boards.save_channels, Permission.SETTINGS),
        },
    ),
    Route("boards/channels/{channel}", {"GET": Operation(boards.show_channel, Permission.SYSTEM)}),
    Route(
        "boards/corrections",
        {
            "GET": Operation(corrections.show, Permission.SETTINGS),
            "POST": Operation(corrections.plan, Permission.SETTINGS, 202),
            "DELETE": Operation(corrections.drop, Permission.SETTINGS),
        },
    ),
    Route("boards/corrections/rows", {"GET": Operation(corrections.rows, Permission.SETTINGS)}),
    Route("boards/corrections/order", {"POST": Operation(corrections.order, Permission.SETTINGS, 202)}),
    Route("boards/channels/{channel}/doctor", {"GET": Operation(line_doctor.show, Permission.SYSTEM)}),
    Route(
        "network",
        {
            "GET": Operation(network.show, Permission.SETTINGS),
            "PUT": Operation(network.try_out, Permission.SETTINGS, 202),
        },
    ),
    Route(
        "network/trial",
        {
            "POST": Operation(network.confirm, Permission.SETTINGS),
            "DELETE": Operation(network.go_back, Permission.SETTINGS),
        },
    ),
    Route(
        "time",
        {
            "GET": Operation(clock.show, Permission.SETTINGS),
            "PUT": Operation(clock.save, Permission.SETTINGS),
        },
    ),
    Route(
        "first-steps",
        {
            "GET": Operation(first_steps.show, Permission.SETTINGS),
            "PUT": Operation(first_steps.remember, Permission.SETTINGS),
        },
    ),
    Route(
        "licences",
        {
            "GET": Operation(licences.show, Permission.SYSTEM),
            "POST": Operation(
                licences.add, Permission.SETTINGS, status=201, max_body_bytes=licences.BODY_BYTES
            ),
        },
    ),
    Route("licences/{licence}", {"DELETE": Operation(licences.remove, Permission.SETTINGS)}),
    Route("web-access", {"GET": Operation(web_access.show, Permission.SETTINGS)}),
    Route(
        "web-access/request",
        {
            "GET": Operation(web_access.fetch, Permission.SETTINGS, media=web_access.REQUEST_TYPE),
            "POST": Operation(web_access.ask, Permission.SETTINGS),
        },
    ),
    Route(
        "web-access/certificate",
        {
            "PUT": Operation(
                web_access.install, Permission.SETTINGS, max_body_bytes=web_access.CERTIFICATE_BYTES
            ),
            "DELETE": Operation(web_access.renew, Permission.SETTINGS),
        },
    ),
    Route("time/order", {"POST": Operation(clock.order, Permission.SETTINGS, 204)}),
    Route("probes", {"POST": Operation(network.begin_probe, Permission.SETTINGS, 201)}),
    Route(
        "probes/{probe_id}",
        {
            "GET": Operation(network.show_probe, Permission.SETTINGS),
            "DELETE": Operation(network.end_probe, Permission.SETTINGS, 204),
        },
    ),
    Route(
        "probes/{probe_id}/file",
        {"GET": Operation(network.fetch_sample, Permission.SETTINGS, media=network.CAPTURE_TYPE)},
    ),
    Route("update", {"GET": Operation(update.show, Permission.SETTINGS)}),
    Route(
        "update/bundle",
        {
            "POST": Operation(update.take, Permission.SETTINGS, max_body_bytes=LARGE_BODY_BYTES),
            "DELETE": Operation(update.drop, Permission.SETTINGS),
        },
    ),
    Route("update/fetch", {"POST": Operation(update.fetch, Permission.SETTINGS, 202)}),
    Route("update/stick", {"POST": Operation(update.list_stick, Permission.SETTINGS)}),
    Route("update/stick/bundle", {"POST": Operation(update.bring, Permission.SETTINGS, 202)}),
    Route("update/install", {"POST": Operation(update.install, Permission.SETTINGS, 202)}),
    Route(
        "update/start",
        {
            "POST": Operation(update.start, Permission.SETTINGS, 202),
            "DELETE": Operation(update.stay, Permission.SETTINGS),
        },
    ),
    Route("factory-reset", {"POST": Operation(update.reset, Permission.SETTINGS)}),
    Route("system", {"GET": Operation(system.show, Permission.SYSTEM)}),
    Route("system/restart", {"POST": Operation(power.restart, Permission.SETTINGS)}),
    Route("system/power-off", {"POST": Operation(power.switch_off, Permission.SETTINGS)}),
    Route(
        "system/programs/{program}/restart",
        {"POST": Operation(power.restart_program, Permission.SETTINGS)},
    ),
    Route("system/programs/{program}/log", {"GET": Operation(system.show_log, Permission.SYSTEM)}),
    Route("calls", {"GET": Operation(calls.search, Permission.CALLS)}),
    Route(
        "query/line",
        {
            "GET": Operation(query.read_line, Permission.CALLS),
            "POST": Operation(query.write_line, Permission.CALLS),
        },
    ),
    Route(
        "statements",
        {
            "GET": Operation(statements.show, Permission.STATISTICS),
            "POST": Operation(statements.ask, Permission.STATISTICS, 202),
        },
    ),
    Route(
        "statements/{statement}/file",
        {"GET": Operation(statements.fetch, Permission.STATISTICS, media="application/octet-stream")},
    ),
    Route(
        "statement-key",
        {"GET": Operation(statements.key, Permission.STATISTICS, media="application/x-pem-file")},
    ),
    Route(
        "cdr/preview",
        {"POST": Operation(cdr.preview, Permission.STATISTICS, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route(
        "cdr/comparison",
        {"POST": Operation(cdr.compare, Permission.STATISTICS, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route("statistics", {"GET": Operation(statistics.show, Permission.STATISTICS)}),
    Route(
        "statistics/table",
        {"GET": Operation(statistics.export, Permission.STATISTICS, media=XLSX_TYPE)},
    ),
    Route("query/completions", {"GET": Operation(query.complete, Permission.CALLS)}),
    Route("query/count", {"GET": Operation(query.count, Permission.CALLS)}),
    Route(
        "searches",
        {
            "GET": Operation(query.show_searches, Permission.CALLS),
            "POST": Operation(query.keep_search, Permission.CALLS, status=201),
        },
    ),
    Route(
        "searches/{search_id}",
        {
            "PUT": Operation(query.replace_search, Permission.CALLS),
            "DELETE": Operation(query.forget_search, Permission.CALLS, status=204),
        },
    ),
    Route(
        "preferences/tour",
        {
            "GET": Operation(tour.show, Permission.SELF),
            "PUT": Operation(tour.remember, Permission.SELF),
        },
    ),
    Route(
        "preferences/columns",
        {
            "GET": Operation(query.show_columns, Permission.CALLS),
            "PUT": Operation(query.choose_columns, Permission.CALLS),
        },
    ),
    Route("calls/{call_id}", {"GET": Operation(calls.show, Permission.CALLS)}),
    Route("calls/{call_id}/audio", {"GET": Operation(audio.play, Permission.PLAY, media="audio/*")}),
    Route("calls/{call_id}/peaks", {"GET": Operation(audio.peaks, Permission.PLAY, media=audio.PEAKS_TYPE)}),
    Route("annotations", {"GET": Operation(annotations.of_calls, Permission.CALLS)}),
    Route(
        "reviewed",
        {"PUT": Operation(annotations.mark_reviewed, Permission.CALLS, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route("tags", {"GET": Operation(annotations.known, Permission.CALLS)}),
    Route("calls/{call_id}/annotations", {"GET": Operation(annotations.show, Permission.CALLS)}),
    Route(
        "calls/{call_id}/tags",
        {
            "POST": Operation(annotations.add_tag, Permission.ANNOTATE),
            "DELETE": Operation(annotations.remove_tag, Permission.ANNOTATE),
        },
    ),
    Route(
        "calls/{call_id}/notes", {"POST": Operation(annotations.add_note, Permission.ANNOTATE, status=201)}
    ),
    Route(
        "calls/{call_id}/notes/{note_id}",
        {
            "PUT": Operation(annotations.change_note, Permission.ANNOTATE),
            "DELETE": Operation(annotations.remove_note, Permission.ANNOTATE),
        },
    ),
    Route(
        "calls/{call_id}/bookmarks",
        {"POST": Operation(annotations.add_bookmark, Permission.ANNOTATE, status=201)},
    ),
    Route(
        "calls/{call_id}/bookmarks/{bookmark_id}",
        {"DELETE": Operation(annotations.remove_bookmark, Permission.ANNOTATE)},
    ),
    Route(
        "calls/{call_id}/hold",
        {
            "PUT": Operation(keeping.hold, Permission.HOLD),
            "DELETE": Operation(keeping.lift, Permission.HOLD),
        },
    ),
    Route("calls/{call_id}/deletion", {"POST": Operation(keeping.delete, Permission.DELETE)}),
    Route("calls/{call_id}/evidence", {"GET": Operation(keeping.evidence, Permission.PLAY)}),
    Route("calls/{call_id}/ladder", {"GET": Operation(kept.ladder, Permission.CALLS)}),
    Route(
        "calls/{call_id}/pcap", {"GET": Operation(kept.capture, Permission.DOWNLOAD, media=kept.CAPTURE_TYPE)}
    ),
    Route(
        "calls/{call_id}/shares",
        {
            "GET": Operation(shares.of_call, Permission.SHARE),
            "POST": Operation(shares.add, Permission.SHARE, status=201),
        },
    ),
    Route("exports", {"GET": Operation(exports.show, Permission.CALLS)}),
    Route(
        "exports/recordings",
        {
            "POST": Operation(
                exports.begin_recordings,
                Permission.DOWNLOAD,
                status=202,
                max_body_bytes=LARGE_BODY_BYTES,
            )
        },
    ),
    Route(
        "exports/tables",
        {
            "POST": Operation(
                exports.begin_table, Permission.EXPORT, status=202, max_body_bytes=LARGE_BODY_BYTES
            )
        },
    ),
    Route(
        "exports/{export_id}",
        {
            "GET": Operation(exports.state, Permission.CALLS),
            "DELETE": Operation(exports.cancel, Permission.CALLS),
        },
    ),
    Route("exports/{export_id}/again", {"POST": Operation(exports.again, Permission.CALLS, status=202)}),
    Route(
        "exports/{export_id}/file",
        {"GET": Operation(exports.fetch, Permission.CALLS, media="application/octet-stream")},
    ),
    Route("shares", {"GET": Operation(shares.show, Permission.SHARE)}),
    Route("shares/{share_id}", {"DELETE": Operation(shares.revoke, Permission.SHARE)}),
    Route(
        "shared",
        {
            "GET": Operation(shares.look, Permission.OPEN),
            "POST": Operation(shares.open_link, Permission.OPEN),
        },
    ),
    Route("shared/audio", {"GET": Operation(shares.play, Permission.OPEN, media="audio/*")}),
    Route("shared/peaks", {"GET": Operation(shares.peaks, Permission.OPEN, media=audio.PEAKS_TYPE)}),
    Route("interactions/{interaction_id}", {"GET": Operation(interactions.show, Permission.CALLS)}),
    Route("alarms", {"GET": Operation(alarms.show, Permission.ALARMS)}),
    Route("alarms/count", {"GET": Operation(alarms.count, Permission.ALARMS)}),
    Route("alarms/notices", {"GET": Operation(alarm_mails.show, Permission.ALARMS)}),
    Route(
        "self-test",
        {
            "GET": Operation(selftest.show, Permission.SYSTEM),
            "POST": Operation(selftest.place, Permission.SETTINGS),
        },
    ),
    Route("support/bundle", {"GET": Operation(support.fetch, Permission.SYSTEM, media=support.BUNDLE_TYPE)}),
    Route(
        "metrics", {"GET": Operation(monitoring.metrics, Permission.SYSTEM, media=monitoring.METRICS_TYPE)}
    ),
    Route(
        "monitoring/templates/{template}",
        {"GET": Operation(monitoring.template, Permission.SYSTEM, media=monitoring.TEMPLATE_TYPE)},
    ),
    Route("monitoring/mib", {"GET": Operation(monitoring.mib, Permission.SYSTEM, media=monitoring.MIB_TYPE)}),
    Route("alarms/notices/trial", {"POST": Operation(alarm_mails.try_mail, Permission.SETTINGS)}),
    Route("alarms/{alarm_id}/acknowledgement", {"PUT": Operation(alarms.acknowledge, Permission.ALARMS)}),
    Route("alarms/{alarm_id}/snooze", {"PUT": Operation(alarms.snooze, Permission.ALARMS)}),
    Route("operations", {"GET": Operation(operations.show, Permission.OPERATIONS)}),
    Route(
        "operations/export",
        {"GET": Operation(operations.export, Permission.OPERATIONS, media=operations.TABLE_TYPES)},
    ),
    Route("operations/verification", {"GET": Operation(operations.verify, Permission.OPERATIONS)}),
    Route("why", {"GET": Operation(why.explain, Permission.CALLS)}),
    Route(
        "settings",
        {
            "GET": Operation(settings.show, Permission.SETTINGS),
            "PUT": Operation(settings.save, Permission.SETTINGS, max_body_bytes=LARGE_BODY_BYTES),
        },
    ),
    Route(
        "commissioning",
        {
            "GET": Operation(commissioning.show, Permission.SETTINGS),
            "PUT": Operation(commissioning.save, Permission.SETTINGS),
        },
    ),
    Route("commissioning/reset", {"POST": Operation(commissioning.reset, Permission.SETTINGS)}),
    Route(
        "backups",
        {
            "GET": Operation(backups.show, Permission.SETTINGS),
            "POST": Operation(backups.make, Permission.SETTINGS, status=202),
        },
    ),
    Route("backups/look", {"POST": Operation(backups.refresh, Permission.SETTINGS, status=202)}),
    Route("backups/trial", {"POST": Operation(backups.attempt, Permission.SETTINGS, status=202)}),
    Route("backups/remove", {"POST": Operation(backups.remove, Permission.SETTINGS, status=202)}),
    Route("backups/fetch", {"POST": Operation(backups.bring, Permission.SETTINGS, status=202)}),
    Route(
        "backups/file",
        {"GET": Operation(backups.download, Permission.SETTINGS, media="application/octet-stream")},
    ),
    Route(
        "backups/rehearsal",
        {
            "POST": Operation(backups.rehearse, Permission.SETTINGS, status=202),
            "DELETE": Operation(backups.forget, Permission.SETTINGS, status=202),
        },
    ),
    Route(
        "backups/upload",
        {
            "POST": Operation(backups.take, Permission.SETTINGS, max_body_bytes=LARGE_BODY_BYTES),
            "DELETE": Operation(backups.discard, Permission.SETTINGS),
        },
    ),
    Route(
        "backups/upload/rehearsal",
        {"POST": Operation(backups.rehearse_upload, Permission.SETTINGS, status=202)},
    ),
    Route("backups/restore", {"POST": Operation(backups.restore, Permission.SETTINGS, status=202)}),
    Route("backups/key", {"POST": Operation(backups.show_key, Permission.SETTINGS)}),
    Route("backups/key/renewal", {"POST": Operation(backups.renew_key, Permission.SETTINGS)}),
    Route("storage", {"GET": Operation(storage.show, Permission.SYSTEM)}),
    Route("storage/disk", {"POST": Operation(second_disk.prepare, Permission.SETTINGS)}),
    Route(
        "storage/second",
        {
            "POST": Operation(second_disk.take_on, Permission.SETTINGS),
            "DELETE": Operation(second_disk.take_off, Permission.SETTINGS),
        },
    ),
    Route(
        "retention",
        {
            "GET": Operation(retention.show, Permission.SETTINGS),
            "PUT": Operation(retention.save, Permission.SETTINGS),
        },
    ),
    Route("retention/schema", {"GET": Operation(retention.describe, Permission.SETTINGS)}),
    Route("retention/preview", {"POST": Operation(retention.preview, Permission.SETTINGS)}),
    Route("settings/revisions", {"GET": Operation(settings.history, Permission.SETTINGS)}),
    Route(
        "settings/revisions/{revision}/restore", {"POST": Operation(settings.restore, Permission.SETTINGS)}
    ),
    Route("settings/schema", {"GET": Operation(settings.describe, Permission.SETTINGS)}),
    Route("settings/difference", {"GET": Operation(settings.compare, Permission.SETTINGS)}),
    Route(
        "settings/export",
        {"POST": Operation(settings_file.export, Permission.SETTINGS, media="application/json")},
    ),
    Route(
        "settings/import",
        {"POST": Operation(settings_file.take, Permission.SETTINGS, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route(
        "rules",
        {
            "GET": Operation(rules.show, Permission.RULES),
            "PUT": Operation(rules.save, Permission.RULES, max_body_bytes=LARGE_BODY_BYTES),
        },
    ),
    Route("rules/schema", {"GET": Operation(rules.describe, Permission.RULES)}),
    Route(
        "rules/explain",
        {"POST": Operation(rules.explain, Permission.RULES, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route(
        "lists/{list}",
        {
            "GET": Operation(lists.show, Permission.RULES),
            "POST": Operation(lists.add, Permission.RULES, status=201),
        },
    ),
    Route(
        "lists/{list}/entry",
        {
            "PUT": Operation(lists.replace, Permission.RULES),
            "DELETE": Operation(lists.remove, Permission.RULES),
        },
    ),
    Route("lists/allow_list/switch", {"PUT": Operation(lists.switch, Permission.RULES)}),
    Route(
        "contacts",
        {
            "GET": Operation(contacts.show, Permission.DIRECTORY),
            "POST": Operation(contacts.add, Permission.DIRECTORY, max_body_bytes=LARGE_BODY_BYTES),
        },
    ),
    Route("contacts/entry", {"PUT": Operation(contacts.replace, Permission.DIRECTORY)}),
    Route("contacts/remove", {"POST": Operation(contacts.remove, Permission.DIRECTORY)}),
    Route(
        "contacts/table",
        {"POST": Operation(contacts.take_table, Permission.DIRECTORY, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route(
        "contacts/export",
        {"GET": Operation(contacts.export, Permission.DIRECTORY, media=operations.TABLE_TYPES)},
    ),
    Route(
        "extensions",
        {
            "GET": Operation(extensions.show, Permission.DIRECTORY),
            "POST": Operation(extensions.add, Permission.DIRECTORY),
        },
    ),
    Route("extensions/entry", {"PUT": Operation(extensions.replace, Permission.DIRECTORY)}),
    Route("extensions/remove", {"POST": Operation(extensions.remove, Permission.DIRECTORY)}),
    Route(
        "extensions/table",
        {"POST": Operation(extensions.take_table, Permission.DIRECTORY, max_body_bytes=LARGE_BODY_BYTES)},
    ),
    Route(
        "users",
        {
            "GET": Operation(users.show, Permission.USERS),
            "POST": Operation(users.create, Permission.USERS, status=201),
        },
    ),
    Route("users/extensions", {"GET": Operation(users.choices, Permission.USERS)}),
    Route("users/scope-size", {"POST": Operation(users.size, Permission.USERS)}),
    Route(
        "users/{user_id}",
        {
            "PUT": Operation(users.replace, Permission.USERS),
            "DELETE": Operation(users.remove, Permission.USERS),
        },
    ),
    Route(
        "look",
        {
            "POST": Operation(look.begin, Permission.USERS),
            "DELETE": Operation(look.end, Permission.SELF, for_lookers=True),
        },
    ),
    Route(
        "departments",
        {
            "GET": Operation(departments.show, Permission.SELF, for_lookers=True),
            "POST": Operation(departments.create, Permission.USERS, status=201),
        },
    ),
    Route(
        "departments/{department_id}",
        {
            "PUT": Operation(departments.replace, Permission.USERS),
            "DELETE": Operation(departments.remove, Permission.USERS),
        },
    ),
    Route(
        "roles",
        {
            "GET": Operation(roles.show, Permission.USERS),
            "POST": Operation(roles.create, Permission.USERS, status=201),
        },
    ),
    Route(
        "roles/{role_id}",
        {
            "PUT": Operation(roles.replace, Permission.USERS),
            "DELETE": Operation(roles.remove, Permission.USERS),
        },
    ),
    Route(
        "view-list",
        {
            "GET": Operation(view_list.show, Permission.RULES),
            "POST": Operation(view_list.add, Permission.RULES, status=201),
        },
    ),
    Route(
        "view-list/entry",
        {
            "PUT": Operation(view_list.replace, Permission.RULES),
            "DELETE": Operation(view_list.remove, Permission.RULES),
        },
    ),
    Route("view-list/switch", {"PUT": Operation(view_list.switch, Permission.RULES)}),
    Route("users/{user_id}/reset-link", {"POST": Operation(entry.make_link, Permission.USERS, status=201)}),
    Route("users/{user_id}/second-factor", {"DELETE": Operation(entry.remove_factors, Permission.USERS)}),
    Route("users/{user_id}/one-time-password", {"POST": Operation(users.renew_password, Permission.USERS)}),
)

SOCKETS: tuple[SocketRoute, ...] = (
    SocketRoute("events", events.EventSocket, Permission.LIVE),
    SocketRoute("live/{call_id}/audio", listen.ListenSocket, Permission.LISTEN_LIVE),
)

// Made by `npm run generate`; do not edit.
export interface paths {
    "/api/v1/openapi.json": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the API can do as OpenAPI 3.1, made from the route table.
         * @description Permission: Open to everyone.
         */
        get: operations["routes_describe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in, and the token for writes.
         * @description Permission: Open to everyone.
         */
        get: operations["session_show"];
        put?: never;
        /**
         * Sign in with name and password.
         * @description Permission: Open to everyone.
         */
        post: operations["session_sign_in"];
        /**
         * End this session.
         * @description Permission: Own sign-in and password.
         */
        delete: operations["session_sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create the administrator of a new box and sign in.
         * @description Permission: Open to everyone.
         */
        post: operations["session_set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change one's own password; all other sessions of the same person end.
         * @description Permission: Own sign-in and password.
         */
        post: operations["session_change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/texts/{language}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                language: string;
            };
            cookie?: never;
        };
        /**
         * All words in one language, by dotted key.
         * @description Permission: Open to everyone.
         */
        get: operations["texts_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/home": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The overview.
         * @description Permission: See the overview.
         */
        get: operations["home_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All calls in progress.
         * @description Permission: See live calls.
         */
        get: operations["live_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live/{call_id}/control": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start, pause, resume, stop, keep or discard the recording of a live call.
         * @description Permission: Control the recording of live calls.
         */
        post: operations["live_control"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/mirror": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What arrives at the mirror ports, now and in the last five minutes.
         * @description Permission: See the overview.
         */
        get: operations["mirror_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find calls.
         * @description Permission: Search calls.
         */
        get: operations["calls_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        /**
         * Everything known of one call.
         * @description Permission: Search calls.
         */
        get: operations["calls_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/audio": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        /**
         * The audio of a call, channel 0 = caller.
         * @description Permission: Play recordings.
         */
        get: operations["audio_play"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/peaks": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        /**
         * The waveform of a call.
         * @description Permission: Play recordings.
         */
        get: operations["audio_peaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/ladder": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        /**
         * The SIP messages of a call.
         * @description Permission: Search calls.
         */
        get: operations["kept_ladder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/pcap": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        /**
         * The packets of a call as a capture file.
         * @description Permission: Download packets.
         */
        get: operations["kept_capture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interactions/{interaction_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                interaction_id: string;
            };
            cookie?: never;
        };
        /**
         * A conversation by its id, also by one that was merged into it.
         * @description Permission: Search calls.
         */
        get: operations["interactions_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/why": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what became of the calls of a number at a time, and why one has no recording.
         * @description Permission: Search calls.
         */
        get: operations["why_explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The settings in force.
         * @description Permission: Change settings.
         */
        get: operations["settings_show"];
        /**
         * Replace the settings.
         * @description Permission: Change settings.
         */
        put: operations["settings_save"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commissioning": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The installer's list, each extension judged by what was seen since the start.
         * @description Permission: Change settings.
         */
        get: operations["commissioning_show"];
        /**
         * Replace the list; a commissioning that goes on keeps its start and what it has seen.
         * @description Permission: Change settings.
         */
        put: operations["commissioning_save"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commissioning/reset": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin anew with the same list: what was seen so far no longer counts.
         * @description Permission: Change settings.
         */
        post: operations["commissioning_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/revisions": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which states were saved, when and by whom.
         * @description Permission: Change settings.
         */
        get: operations["settings_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/revisions/{revision}/restore": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                revision: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put an earlier state in force again, as a new revision; this also repairs a file that cannot be read.
         * @description Permission: Change settings.
         */
        post: operations["settings_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/schema": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The JSON Schema of the settings, with labels in both languages.
         * @description Permission: Change settings.
         */
        get: operations["settings_describe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The rules in force.
         * @description Permission: Change recording rules and lists.
         */
        get: operations["rules_show"];
        /**
         * Replace the rules; the long lists stay as they are.
         * @description Permission: Change recording rules and lists.
         */
        put: operations["rules_save"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/schema": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The JSON Schema of the rules, with labels in both languages.
         * @description Permission: Change recording rules and lists.
         */
        get: operations["rules_describe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/explain": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say whether such a call is recorded and which rule decides it.
         * @description Permission: Change recording rules and lists.
         */
        post: operations["rules_explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{list}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                list: string;
            };
            cookie?: never;
        };
        /**
         * One page of a list.
         * @description Permission: Change recording rules and lists.
         */
        get: operations["lists_show"];
        put?: never;
        /**
         * Put a number on the list.
         * @description Permission: Change recording rules and lists.
         */
        post: operations["lists_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{list}/entry": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                list: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Change an entry.
         * @description Permission: Change recording rules and lists.
         */
        put: operations["lists_replace"];
        post?: never;
        /**
         * Take a number off the list.
         * @description Permission: Change recording rules and lists.
         */
        delete: operations["lists_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/allow_list/switch": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Record only the numbers of the allow-list, or all again.
         * @description Permission: Change recording rules and lists.
         */
        put: operations["lists_switch"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/extensions": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One page of the bound extensions.
         * @description Permission: Change recording rules and lists.
         */
        get: operations["extensions_show"];
        put?: never;
        /**
         * Bind extensions; those that are bound already are reported.
         * @description Permission: Change recording rules and lists.
         */
        post: operations["extensions_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/extensions/entry": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change an extension's number, channel or name.
         * @description Permission: Change recording rules and lists.
         */
        put: operations["extensions_replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/extensions/remove": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unbind extensions; numbers that are not bound are passed over.
         * @description Permission: Change recording rules and lists.
         */
        post: operations["extensions_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/extensions/table": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a table would change, or, with the fingerprint of that preview, change it.
         * @description Permission: Change recording rules and lists.
         */
        post: operations["extensions_take_table"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everyone who may sign in.
         * @description Permission: Manage users.
         */
        get: operations["users_show"];
        put?: never;
        /**
         * Let somebody in with a one-time password.
         * @description Permission: Manage users.
         */
        post: operations["users_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove somebody, at once.
         * @description Permission: Manage users.
         */
        delete: operations["users_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/one-time-password": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace somebody's password by a one-time password and end all their sessions.
         * @description Permission: Manage users.
         */
        post: operations["users_renew_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * WebSocket: Everything that is live: first all of it, then every change, in frames of one JSON array each.
         * @description Permission: See live calls.
         */
        get: operations["socket_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live/{call_id}/audio": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        /**
         * WebSocket: The sound of a live call: one text frame that describes it, then binary frames.
         * @description Permission: Listen to live calls.
         */
        get: operations["socket_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * ErrorAnswer
         * @description The body of every answer of 400 and above.
         */
        ErrorAnswer: {
            error: components["schemas"]["ErrorBody"];
        };
        /**
         * ErrorBody
         * @description What went wrong: `code` for machines, `message` for people, `field` where one field is to blame.
         */
        ErrorBody: {
            code: string;
            message: string;
            /** @default null */
            field?: string | null;
        };
        /**
         * Nothing
         * @description No parameters, or no body.
         */
        Nothing: Record<string, never>;
        /**
         * SessionAnswer
         * @description What a page must know before anything else; `csrf_token` goes into the header of every write.
         */
        SessionAnswer: {
            first_run: boolean;
            user: components["schemas"]["SessionUser"] | null;
            csrf_token: string;
            min_password_length: number;
            idle_timeout_min: number;
        };
        /**
         * SessionUser
         * @description Who is signed in. `must_change`: only the own password may be changed until that was done.
         */
        SessionUser: {
            name: string;
            role: components["schemas"]["Role"];
            must_change: boolean;
            permissions: components["schemas"]["Permission"][];
        };
        /**
         * Role
         * @description What a person is to the box.
         * @enum {unknown}
         */
        Role: "administrator" | "viewer";
        /**
         * Permission
         * @description One thing that a person may do; every row of the route table names exactly one.
         *
         *         `OPEN` needs no sign-in at all, `SELF` any signed-in person, even one who must change the password first.
         * @enum {unknown}
         */
        Permission: "calls" | "control" | "download" | "home" | "listen_live" | "live" | "open" | "play" | "rules" | "self" | "settings" | "users";
        /**
         * SignIn
         * @description Name and password.
         */
        SignIn: {
            name: string;
            password: string;
        };
        /**
         * Setup
         * @description The administrator of a new box.
         */
        Setup: {
            one_time_password: string;
            name: string;
            password: string;
        };
        /**
         * PasswordChange
         * @description The password so far and the new one.
         */
        PasswordChange: {
            old_password: string;
            new_password: string;
        };
        /**
         * HomeQuery
         * @description How many days back, and whose days: `tz` is a name as in Europe/Berlin.
         */
        HomeQuery: {
            /** @default 14 */
            days?: number;
            /** @default UTC */
            tz?: string;
        };
        /**
         * Home
         * @description Everything the first page shows.
         */
        Home: {
            calls_today: number;
            recordings_today: number;
            not_recorded_today: number;
            live_now: number;
            per_hour: components["schemas"]["HourView"][];
            per_day: components["schemas"]["DayView"][];
            storage: components["schemas"]["StorageView"];
            reasons_today: {
                [key: string]: number;
            };
            programs: components["schemas"]["ProgramView"][];
            intake: components["schemas"]["IntakeView"][];
            queue: components["schemas"]["QueueView"] | null;
            conditions: components["schemas"]["ConditionView"][];
        };
        /**
         * HourView
         * @description One hour of today.
         */
        HourView: {
            hour: number;
            calls: number;
            recordings: number;
        };
        /**
         * DayView
         * @description One day.
         */
        DayView: {
            /** Format: date */
            date: string;
            calls: number;
            recordings: number;
            bytes: number;
        };
        /**
         * StorageView
         * @description The disk that takes the recordings; `days_left` is None while growth is not known.
         *
         *         `paths` is what the archiver says of the storage paths, empty while it says nothing
         */
        StorageView: {
            total_bytes: number;
            free_bytes: number;
            archive_bytes: number;
            bytes_per_day: number;
            days_left: number | null;
            paths: components["schemas"]["StoragePathView"][];
        };
        /**
         * StoragePathView
         * @description One storage path. `problem`: full, exhausted, missing, other_disk, read_only, failed, or "" for none.
         *
         *         `instead_since`: recordings go here since then because the other path failed
         */
        StoragePathView: {
            shelf: string;
            path: string;
            current: boolean;
            problem: string;
            detail: string;
            total_bytes: number;
            free_bytes: number;
            instead_since: string | null;
        };
        /**
         * Reason
         * @description Why a call has no recording.
         * @enum {unknown}
         */
        Reason: "busy" | "cancelled" | "capture_loss" | "damaged" | "discarded" | "disk_full" | "elsewhere" | "encrypted" | "failed" | "interrupted" | "licence" | "no_answer" | "no_media" | "not_started" | "paused" | "policy" | "rejected" | "too_short" | "unsupported_payload";
        /**
         * ProgramView
         * @description A program's own word on itself.
         */
        ProgramView: {
            name: string;
            at: string;
            alive: boolean;
            status: string;
            started_at: string | null;
            facts: {
                [key: string]: number | string;
            };
        };
        /**
         * IntakeView
         * @description A mirror port; the counters have the engine's names.
         */
        IntakeView: {
            interface: string;
            at: string;
            link_up: boolean;
            counters: {
                [key: string]: number;
            };
        };
        /**
         * QueueView
         * @description How much work waits for the archiver.
         */
        QueueView: {
            at: string;
            ready: number;
            working: number;
            quarantined: number;
            oldest_s: number;
        };
        /**
         * ConditionView
         * @description Something that is wrong right now and what to do about it.
         */
        ConditionView: {
            code: string;
            severity: string;
            title: string;
            remedy: string;
            facts: {
                [key: string]: number | string;
            };
            at: string;
        };
        /**
         * LiveAnswer
         * @description All live calls with their newest figures.
         */
        LiveAnswer: {
            calls: components["schemas"]["LiveCallWithMedia"][];
        };
        /**
         * LiveCallWithMedia
         * @description A call in progress with its newest figures. `media`: side -> figures.
         */
        LiveCallWithMedia: {
            at: string;
            call: components["schemas"]["CallView"];
            codecs: {
                [key: string]: string;
            };
            control: components["schemas"]["ControlNow"] | null;
            media: {
                [key: string]: components["schemas"]["StreamNow"];
            };
        };
        /**
         * CallView
         * @description A call as signalling tells of it.
         */
        CallView: {
            call_id: string;
            sip_call_id: string;
            interaction_id: string;
            caller: components["schemas"]["PartyView"];
            callee: components["schemas"]["PartyView"];
            direction: components["schemas"]["Direction"];
            state: components["schemas"]["CallState"];
            transport: string;
            started_at: string;
            ringing_at: string | null;
            answered_at: string | null;
            ended_at: string | null;
            ended_by: components["schemas"]["Side"] | null;
            status_code: number | null;
            events: components["schemas"]["EventView"][];
            related: components["schemas"]["TieView"][];
        };
        /**
         * PartyView
         * @description One end of a live call.
         */
        PartyView: {
            number: string;
            number_raw: string;
            display: string;
            uri: string;
            address: string;
        };
        /**
         * Direction
         * @description Seen from the company; unknown until service addresses are configured.
         * @enum {unknown}
         */
        Direction: "incoming" | "internal" | "outgoing" | "unknown";
        /**
         * CallState
         * @description Where a dialog stands. `HELD` is an answered call whose media one side has stopped.
         * @enum {unknown}
         */
        CallState: "ended" | "held" | "ringing" | "trying" | "up";
        /**
         * Side
         * @description Who: the party that sent the first INVITE, or the one it was sent to. Left = caller.
         * @enum {unknown}
         */
        Side: "callee" | "caller";
        /**
         * EventView
         * @description Something that happened in a call; `ssrc` is of the stream that a key was pressed in, 0 elsewhere.
         */
        EventView: {
            at: string;
            kind: string;
            side: components["schemas"]["Side"] | null;
            detail: string;
            ssrc: number;
        };
        /**
         * TieView
         * @description A tie to another call of the same conversation; `call_id` is "" when only the SIP Call-ID is known.
         */
        TieView: {
            kind: components["schemas"]["RelationKind"];
            at: string;
            call_id: string;
            sip_call_id: string;
        };
        /**
         * RelationKind
         * @description How the later of two calls came out of the earlier one; in order of what explains most.
         * @enum {unknown}
         */
        RelationKind: "conference" | "consultation" | "joined" | "leg_of" | "picked_up" | "replaces" | "transferred_from";
        /**
         * ControlNow
         * @description For whom shows buttons: the state of a live call's recording, the orders it would obey, whether it is kept.
         */
        ControlNow: {
            state: components["schemas"]["ControlState"];
            verbs: components["schemas"]["Verb"][];
            /** @default false */
            kept?: boolean;
        };
        /**
         * ControlState
         * @description Where the recording of a call in progress stands.
         * @enum {unknown}
         */
        ControlState: "discarded" | "excluded" | "idle" | "paused" | "recording" | "stopped";
        /**
         * Verb
         * @description One order. `KEEP` protects a recording from being discarded or removed by age.
         * @enum {unknown}
         */
        Verb: "discard" | "keep" | "pause" | "resume" | "start" | "stop";
        /**
         * StreamNow
         * @description Running figures of one side of one live call. `mos` is of what our copy holds so far, None while unknown.
         */
        StreamNow: {
            packets: number;
            lost: number;
            jitter_ms: number;
            /** @default null */
            mos?: number | null;
        };
        /**
         * Order
         * @description What to do with the recording of a call; a discard must say why.
         */
        Order: {
            verb: components["schemas"]["Verb"];
            /** @default  */
            why?: string;
        };
        /**
         * OrderObeyed
         * @description How the recording stands now.
         */
        OrderObeyed: {
            control: components["schemas"]["ControlNow"] | null;
        };
        /**
         * MirrorAnswer
         * @description All ports that report; `since` is when the recorder started, null when it is not known to run.
         */
        MirrorAnswer: {
            since: string | null;
            ports: components["schemas"]["PortView"][];
        };
        /**
         * PortView
         * @description A mirror port. `counters` have the engine's names and count since the recorder started.
         */
        PortView: {
            interface: string;
            at: string;
            link_up: boolean;
            counters: {
                [key: string]: number;
            };
            history: components["schemas"]["PortHistory"];
        };
        /**
         * PortHistory
         * @description One column a counter, each as long as `at`; counters only grow, except those ending in `_now`.
         */
        PortHistory: {
            at: string[];
            counters: {
                [key: string]: number[];
            };
        };
        /**
         * CallsQuery
         * @description Filters; all that are given must hold. `number` is either party, `min_s` and `max_s` are talk seconds.
         */
        CallsQuery: {
            /** @default null */
            from?: string | null;
            /** @default null */
            to?: string | null;
            /** @default  */
            number?: string;
            /** @default  */
            caller?: string;
            /** @default  */
            callee?: string;
            /** @default contains */
            match?: components["schemas"]["Match"];
            /** @default null */
            direction?: components["schemas"]["Direction"] | null;
            /** @default null */
            recorded?: ("no" | "yes") | null;
            /** @default null */
            reason?: components["schemas"]["Reason"] | null;
            /** @default null */
            mark?: components["schemas"]["Mark"] | null;
            /** @default  */
            codec?: string;
            /** @default null */
            min_s?: number | null;
            /** @default null */
            max_s?: number | null;
            /** @default null */
            max_mos?: number | null;
            /** @default null */
            verdict?: components["schemas"]["appliance.domain.quality.Verdict"] | null;
            /** @default  */
            interaction_id?: string;
            /** @default -started_at */
            sort?: components["schemas"]["Sort"];
            /** @default 1 */
            page?: number;
            /** @default 25 */
            page_size?: number;
        };
        /**
         * Match
         * @description How a number is compared.
         * @enum {unknown}
         */
        Match: "contains" | "exact" | "prefix" | "suffix";
        /**
         * Mark
         * @description What is special about a call or its recording; never a reason for having none.
         * @enum {unknown}
         */
        Mark: "capture_loss" | "clock_jump" | "codec_changed" | "decrypted" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "kept" | "loss" | "no_bye" | "on_demand" | "one_way" | "over_licence" | "part_undecoded" | "paused" | "redirected" | "snapped" | "ssrc_changed" | "stopped";
        /**
         * Verdict
         * @description Where packets were lost that the copy lacks.
         * @enum {unknown}
         */
        "appliance.domain.quality.Verdict": "both" | "clean" | "copy" | "network" | "unknown";
        /**
         * Sort
         * @description Order of the list; ties by call_id in the same direction.
         * @enum {unknown}
         */
        Sort: "-duration" | "-started_at" | "duration" | "started_at";
        /**
         * CallsPage
         * @description One page of the list; `total` counts all calls that match.
         */
        CallsPage: {
            total: number;
            page: number;
            page_size: number;
            calls: components["schemas"]["RowView"][];
        };
        /**
         * RowView
         * @description One line of the list of calls. `state` is "recorded" or "not_recorded"; `reason` says why not.
         *
         *         Units: duration_s is talk time, length_s the length of the audio file
         */
        RowView: {
            call_id: string;
            sip_call_id: string;
            interaction_id: string;
            data_type: string;
            caller: components["schemas"]["Name"];
            callee: components["schemas"]["Name"];
            direction: components["schemas"]["Direction"];
            started_at: string;
            ringing_at: string | null;
            answered_at: string | null;
            ended_at: string | null;
            duration_s: number;
            state: string;
            reason: components["schemas"]["Reason"] | null;
            reason_text: string;
            status_code: number | null;
            marks: components["schemas"]["MarkView"][];
            codecs: string[];
            packets: number;
            lost: number;
            file: string;
            format: string;
            bytes: number;
            sha256: string;
            length_s: number;
            mos: number | null;
            verdict: components["schemas"]["appliance.domain.quality.Verdict"] | null;
            verdict_text: string;
        };
        /**
         * Name
         * @description One party as the list shows it.
         */
        Name: {
            number: string;
            display: string;
        };
        /**
         * MarkView
         * @description What is special about a call.
         */
        MarkView: {
            code: components["schemas"]["Mark"];
            text: string;
        };
        /**
         * CallDetail
         * @description A call with all that is known of it; `legs` are the other legs of the same conversation.
         *
         *         `decided` says which recording rule decided when the call began, '' where no rules were asked
         */
        CallDetail: {
            call_id: string;
            sip_call_id: string;
            interaction_id: string;
            data_type: string;
            caller: components["schemas"]["Name"];
            callee: components["schemas"]["Name"];
            direction: components["schemas"]["Direction"];
            started_at: string;
            ringing_at: string | null;
            answered_at: string | null;
            ended_at: string | null;
            duration_s: number;
            state: string;
            reason: components["schemas"]["Reason"] | null;
            reason_text: string;
            status_code: number | null;
            marks: components["schemas"]["MarkView"][];
            codecs: string[];
            packets: number;
            lost: number;
            file: string;
            format: string;
            bytes: number;
            sha256: string;
            length_s: number;
            mos: number | null;
            verdict: components["schemas"]["appliance.domain.quality.Verdict"] | null;
            verdict_text: string;
            manifest: components["schemas"]["Manifest"];
            tracks: components["schemas"]["Track"][];
            messages: components["schemas"]["MessageView"][];
            events: components["schemas"]["EventView"][];
            recording: components["schemas"]["Recording"] | null;
            quality: components["schemas"]["QualityView"] | null;
            decryption: components["schemas"]["Decryption"] | null;
            bundle_available: boolean;
            bundle_kept_until: string | null;
            legs: components["schemas"]["RowView"][];
            decided: string;
        };
        /**
         * Manifest
         * @description `manifest.json`: written at open, renewed when the call changes, final before the rename.
         *
         *         `policy` is what the recording rules decided at the call's beginning (None: no rules were asked), `control` the
         *         orders that were obeyed since, in order. `reason` is what capture already knows (no answer, policy, encrypted …); the archiver decides the rest.
         *         `capture_drops`: when the port lost packets, of this call or of others, while the call was up.
         */
        Manifest: {
            /** @default 1 */
            v?: number;
            call: components["schemas"]["Call"];
            /** @default false */
            complete?: boolean;
            /** @default  */
            interface?: string;
            /** @default [] */
            payloads?: components["schemas"]["Payload"][];
            /** @default [] */
            streams?: components["schemas"]["Stream"][];
            /** @default [] */
            messages?: components["schemas"]["Message"][];
            /** @default [] */
            marks?: components["schemas"]["Mark"][];
            /** @default null */
            reason?: components["schemas"]["Reason"] | null;
            /** @default [] */
            capture_drops?: components["schemas"]["CaptureDrops"][];
            /** @default null */
            policy?: components["schemas"]["Decision"] | null;
            /** @default [] */
            control?: components["schemas"]["Control"][];
        };
        /**
         * Call
         * @description One leg: everything the ledger says of it apart from its media.
         *
         *         `call_id` is ours, sortable, and also the bundle's name; `sip_call_id` is the header's value.
         *         Legs of one conversation share `interaction_id`, which is the `call_id` of the first of them; `related` says
         *         how this one came to be one of them. A tie found later is known to the index only, which joins both.
         *         `ended_at` of a call whose BYE was lost is the moment of its last media.
         */
        Call: {
            call_id: string;
            sip_call_id: string;
            interaction_id: string;
            caller: components["schemas"]["Party"];
            callee: components["schemas"]["Party"];
            started_at: string;
            /** @default unknown */
            direction?: components["schemas"]["Direction"];
            /** @default trying */
            state?: components["schemas"]["CallState"];
            /** @default udp */
            transport?: string;
            /** @default null */
            ringing_at?: string | null;
            /** @default null */
            answered_at?: string | null;
            /** @default null */
            ended_at?: string | null;
            /** @default null */
            ended_by?: components["schemas"]["Side"] | null;
            /** @default null */
            status_code?: number | null;
            /** @default [] */
            events?: components["schemas"]["CallEvent"][];
            /** @default [] */
            related?: components["schemas"]["Relation"][];
        };
        /**
         * Party
         * @description One end of a call as the signalling names it.
         *
         *         `number` is normalised (digits with an optional leading +, or the user part as it is when it is no
         *         number), `number_raw` is exactly what stood in the URI.
         */
        Party: {
            /** @default  */
            number?: string;
            /** @default  */
            number_raw?: string;
            /** @default  */
            display?: string;
            /** @default  */
            uri?: string;
            /** @default  */
            address?: string;
        };
        /**
         * CallEvent
         * @description Something that happened in a call.
         *
         *         `kind` is one of ringing, early_media, answered, hold, resume, reinvite, codec, dtmf, redirected, forked, transfer, transferred,
         *         transfer_failed, bye, cancel, timeout, disk_full, disk_free, clock_jump. `ssrc`: of the stream that a key was pressed in, 0 elsewhere.
         */
        CallEvent: {
            at: string;
            kind: string;
            /** @default null */
            side?: components["schemas"]["Side"] | null;
            /** @default  */
            detail?: string;
            /** @default 0 */
            ssrc?: number;
        };
        /**
         * Relation
         * @description One tie to another call: `call_id` is ours, `sip_call_id` the header's; at least one is given.
         */
        Relation: {
            kind: components["schemas"]["RelationKind"];
            at: string;
            /** @default  */
            call_id?: string;
            /** @default  */
            sip_call_id?: string;
        };
        /**
         * Payload
         * @description What one RTP payload type means in the audio *spoken by* `side`, from `at` on.
         *
         *         Source: RFC 8866 §6.6 (rtpmap), RFC 3551 §6 (static types)
         */
        Payload: {
            at: string;
            side: components["schemas"]["Side"];
            payload_type: number;
            encoding: string;
            clock_hz: number;
            /** @default 1 */
            channels?: number;
            /** @default  */
            fmtp?: string;
        };
        /**
         * Stream
         * @description One RTP stream as the engine counted it; `side` is who speaks.
         *
         *         Units: jitter in milliseconds (RFC 3550 §6.4.1). `lost` may be negative only in RTCP, never here. `snapped`: packets
         *         whose end the capture cut off; they are not lost.
         */
        Stream: {
            side: components["schemas"]["Side"];
            source: string;
            destination: string;
            ssrc: number;
            payload_type: number;
            encoding: string;
            clock_hz: number;
            packets: number;
            bytes: number;
            expected: number;
            lost: number;
            duplicates: number;
            reordered: number;
            jitter_ms: number;
            first_at: string;
            last_at: string;
            /** @default audio */
            kind?: components["schemas"]["StreamKind"];
            /** @default 0 */
            snapped?: number;
        };
        /**
         * StreamKind
         * @description What a stream is to the recording: only audio is heard in it.
         *
         *         A lost branch is early media of a telephone that rang along and did not get the call; an earlier call's is what
         *         was still under way at the same addresses when this call began.
         * @enum {unknown}
         */
        StreamKind: "audio" | "earlier_call" | "lost_branch" | "video";
        /**
         * Message
         * @description One step of the SIP ladder. `label` is the method or the status code with its phrase.
         */
        Message: {
            at: string;
            source: string;
            destination: string;
            transport: string;
            label: string;
            /** @default  */
            cseq?: string;
            /** @default false */
            has_sdp?: boolean;
        };
        /**
         * CaptureDrops
         * @description Packets that the port dropped before we saw them, between two looks at its counters; nobody knows whose.
         */
        CaptureDrops: {
            from_at: string;
            until_at: string;
            packets: number;
        };
        /**
         * Decision
         * @description What was decided when the call began, as it stays in its manifest.
         *
         *         `rule` is the name of the rule that decided, "" when none did; `reason` is set when the call is not recorded;
         *         `channel` is that of the bound extension, 0 without one; `look_back` holds for a start on demand.
         */
        Decision: {
            action: components["schemas"]["Action"];
            ground: components["schemas"]["Ground"];
            /** @default  */
            rule?: string;
            /** @default null */
            reason?: components["schemas"]["Reason"] | null;
            /** @default {} */
            facts?: {
                [key: string]: string | number;
            };
            /** @default 0 */
            channel?: number;
            /** @default false */
            look_back?: boolean;
        };
        /**
         * Action
         * @description What becomes of a call: on demand means that somebody has to start its recording.
         * @enum {unknown}
         */
        Action: "ignore" | "on_demand" | "record";
        /**
         * Ground
         * @description What decided.
         * @enum {unknown}
         */
        Ground: "blacklist" | "licence" | "mode_all" | "mode_keys" | "not_allowed" | "not_bound" | "other_pbx" | "out_of_hours" | "rule" | "sampled_out";
        /**
         * Control
         * @description An order that was obeyed: when, what, by whom, and the reason given.
         *
         *         `by` is a person's name, `caller` or `callee` for a key pressed, or `time-out` for an automatic resume.
         */
        Control: {
            at: string;
            verb: components["schemas"]["Verb"];
            by: string;
            /** @default  */
            why?: string;
        };
        /**
         * Track
         * @description One RTP stream as it was archived, counted anew from the bundle.
         *
         *         `payload_sha256`: of the payload bytes in sequence order without duplicates, lower-case hex; of the decrypted
         *         ones when the call carries the mark `decrypted`.
         *         `codec` is the encoding name of the SDP (PCMA, G722 …), `decoded` tells whether it could be played.
         */
        Track: {
            side: components["schemas"]["Side"];
            codec: string;
            ssrc: number;
            source: string;
            destination: string;
            packets: number;
            lost: number;
            duplicates: number;
            reordered: number;
            jitter_ms: number;
            payload_sha256: string;
            first_at: string;
            last_at: string;
            /** @default true */
            decoded?: boolean;
            /** @default audio */
            kind?: components["schemas"]["StreamKind"];
            /** @default null */
            quality?: components["schemas"]["StreamQuality"] | null;
        };
        /**
         * StreamQuality
         * @description One stream.
         *
         *         `mos` is of what the far end could hear: packets that only our copy lacks are not counted against it; `series`
         *         and `mos_worst` are of the copy as it is. `mos_assumed`: the codec's row in the E-model is no published one.
         *         `late` packets came more than 80 ms behind the quickest around them: a telephone would have thrown them away.
         *         `burst_mean` = packets lost in a row, `burst_percent` = share of the stream that lies in bursts (RFC 3611).
         */
        StreamQuality: {
            mos: number;
            mos_worst: number;
            /** @default false */
            mos_assumed?: boolean;
            /** @default 0 */
            lost_percent?: number;
            /** @default 0 */
            burst_mean?: number;
            /** @default 0 */
            burst_percent?: number;
            /** @default 0 */
            jitter_mean_ms?: number;
            /** @default 0 */
            jitter_max_ms?: number;
            /** @default 0 */
            late?: number;
            /** @default clean */
            verdict?: components["schemas"]["appliance.domain.quality.Verdict"];
            /** @default 0 */
            lost_network?: number;
            /** @default 0 */
            lost_copy?: number;
            /** @default [] */
            evidence?: components["schemas"]["Evidence"][];
            /** @default null */
            far_end?: components["schemas"]["FarEnd"] | null;
            /** @default null */
            series?: components["schemas"]["Series"] | null;
        };
        /**
         * Evidence
         * @description One proof and how many packets it covers; its words are in `PROOF_TEXT`.
         */
        Evidence: {
            proof: components["schemas"]["Proof"];
            packets: number;
        };
        /**
         * Proof
         * @description What a verdict rests on.
         * @enum {unknown}
         */
        Proof: "both_directions" | "far_end_has_it" | "far_end_lost_it" | "lost_behind_us" | "no_witness" | "other_direction_whole" | "port_dropped";
        /**
         * FarEnd
         * @description What the receiver of a stream reported of it; `round_trip_ms` is from the mirror to it and back.
         *
         *         Source: RFC 3550 §6.4.1
         */
        FarEnd: {
            reports: number;
            lost: number;
            jitter_max_ms: number;
            /** @default null */
            round_trip_ms?: number | null;
        };
        /**
         * Series
         * @description A stream over time, for a chart: one value for each `step_s` from `starts_at`.
         *
         *         `mos` and `jitter_ms` are 0.0 where nothing was received.
         */
        Series: {
            starts_at: string;
            step_s: number;
            lost: number[];
            jitter_ms: number[];
            mos: number[];
        };
        /**
         * MessageView
         * @description One step of the SIP ladder without its text.
         */
        MessageView: {
            at: string;
            source: string;
            destination: string;
            transport: string;
            label: string;
            cseq: string;
            has_sdp: boolean;
        };
        /**
         * Recording
         * @description A finished audio file. `file` is relative to the archive. Channel 0 = caller, 1 = callee.
         *
         *         `starts_at` is the moment of sample 0; `length_s` is the length of the file, which may begin before the
         *         answer when there was early media. `peaks_file` is relative too. `storage` is the storage path it was filed below,
         *         "" for the archive of the data directory; a file that was moved to another one is found there.
         */
        Recording: {
            file: string;
            format: string;
            sha256: string;
            bytes: number;
            sample_rate_hz: number;
            channels: number;
            starts_at: string;
            length_s: number;
            peaks_file: string;
            /** @default  */
            storage?: string;
        };
        /**
         * QualityView
         * @description How good the call was and whose fault it was; the streams' own figures stand in `tracks`.
         */
        QualityView: {
            mos: number | null;
            verdict: components["schemas"]["appliance.domain.quality.Verdict"];
            verdict_text: string;
            evidence: components["schemas"]["EvidenceView"][];
            sounds: components["schemas"]["SideSound"][];
        };
        /**
         * EvidenceView
         * @description One proof of a verdict in words.
         */
        EvidenceView: {
            proof: string;
            packets: number;
            text: string;
        };
        /**
         * SideSound
         * @description How one side sounds in the recording.
         *
         *         Units: `level_dbfs` = root mean square of what is not silent against a full-scale square wave; shares in percent.
         *         Silence: 20 ms with no sample above -42 dBFS. Clipping: 20 ms that reach full scale.
         */
        SideSound: {
            side: components["schemas"]["Side"];
            level_dbfs: number;
            silence_percent: number;
            /** @default 0 */
            clipping_percent?: number;
        };
        /**
         * Decryption
         * @description What came of the keys found in the signalling of encrypted audio, in packets.
         *
         *         `failed` ones no key proved genuine; they are not in the recording. Without any key the audio stays unread, as it
         *         does with DTLS-SRTP, whose keys never pass by in clear.
         */
        Decryption: {
            keys: number;
            authentic: number;
            failed: number;
        };
        /**
         * AudioQuery
         * @description `download` makes the browser save the file; another `format` than the recording's converts it.
         */
        AudioQuery: {
            /** @default false */
            download?: boolean;
            /** @default null */
            format?: ("flac" | "mp3" | "opus" | "wav_g711" | "wav_pcm") | null;
        };
        /**
         * Ladder
         * @description All SIP messages of a call in the order they were seen.
         */
        Ladder: {
            messages: components["schemas"]["LadderStep"][];
        };
        /**
         * LadderStep
         * @description One SIP message between two addresses; `raw` is its text while the packets are kept.
         */
        LadderStep: {
            at: string;
            source: string;
            destination: string;
            transport: string;
            label: string;
            cseq: string;
            has_sdp: boolean;
            raw: string | null;
        };
        /**
         * Interaction
         * @description A conversation; `legs` are in the order of the tree, parents before children, at most 200.
         *
         *         Units: duration_s from the first moment to the last
         */
        Interaction: {
            interaction_id: string;
            started_at: string;
            ended_at: string | null;
            duration_s: number;
            recordings: number;
            legs: components["schemas"]["LegView"][];
        };
        /**
         * LegView
         * @description A call with its place: `parent` is "" and `relation` null for the first one; `depth` counts from 0.
         */
        LegView: {
            call_id: string;
            sip_call_id: string;
            interaction_id: string;
            data_type: string;
            caller: components["schemas"]["Name"];
            callee: components["schemas"]["Name"];
            direction: components["schemas"]["Direction"];
            started_at: string;
            ringing_at: string | null;
            answered_at: string | null;
            ended_at: string | null;
            duration_s: number;
            state: string;
            reason: components["schemas"]["Reason"] | null;
            reason_text: string;
            status_code: number | null;
            marks: components["schemas"]["MarkView"][];
            codecs: string[];
            packets: number;
            lost: number;
            file: string;
            format: string;
            bytes: number;
            sha256: string;
            length_s: number;
            mos: number | null;
            verdict: components["schemas"]["appliance.domain.quality.Verdict"] | null;
            verdict_text: string;
            parent: string;
            relation: components["schemas"]["RelationKind"] | null;
            relation_text: string;
            depth: number;
            relations: components["schemas"]["RelationView"][];
        };
        /**
         * RelationView
         * @description A tie of a call to another; `call_id` is "" when that one is not in the ledger.
         */
        RelationView: {
            kind: components["schemas"]["RelationKind"];
            text: string;
            at: string;
            call_id: string;
            sip_call_id: string;
        };
        /**
         * WhyQuery
         * @description Whose call, and when it was going on, give or take the window; `tz` names the zone of times in sentences.
         */
        WhyQuery: {
            number: string;
            /** Format: date-time */
            at: string;
            /** @default 15 */
            window_min?: number;
            /** @default UTC */
            tz?: string;
        };
        /**
         * Why
         * @description The answer: `intake_note` says what the mirror port has seen, '' where that explains nothing.
         */
        Why: {
            verdict: components["schemas"]["appliance.store.enquiry.Verdict"];
            explanation: string;
            calls: components["schemas"]["WhyRow"][];
            intake_note: string;
        };
        /**
         * Verdict
         * @description What the ledger knows.
         * @enum {unknown}
         */
        "appliance.store.enquiry.Verdict": "never_seen" | "not_recorded" | "other_time" | "partly" | "recorded";
        /**
         * WhyRow
         * @description A call that the answer rests on, with one sentence on what became of it.
         *
         *         `decided` says which recording rule decided when the call began, '' where no rules were asked.
         */
        WhyRow: {
            call_id: string;
            sip_call_id: string;
            interaction_id: string;
            data_type: string;
            caller: components["schemas"]["Name"];
            callee: components["schemas"]["Name"];
            direction: components["schemas"]["Direction"];
            started_at: string;
            ringing_at: string | null;
            answered_at: string | null;
            ended_at: string | null;
            duration_s: number;
            state: string;
            reason: components["schemas"]["Reason"] | null;
            reason_text: string;
            status_code: number | null;
            marks: components["schemas"]["MarkView"][];
            codecs: string[];
            packets: number;
            lost: number;
            file: string;
            format: string;
            bytes: number;
            sha256: string;
            length_s: number;
            mos: number | null;
            verdict: components["schemas"]["appliance.domain.quality.Verdict"] | null;
            verdict_text: string;
            sentence: string;
            decided: string;
            orders: components["schemas"]["OrderView"][];
        };
        /**
         * OrderView
         * @description An order to the call's recording that was obeyed: what, by whom, and the reason given.
         */
        OrderView: {
            at: string;
            text: string;
            by: string;
            why: string;
        };
        /**
         * SettingsAnswer
         * @description All settings with their revision; `problem` says why the file cannot be read, then this is the last good revision.
         */
        SettingsAnswer: {
            revision: number;
            settings: Record<string, never>;
            /** @default  */
            problem?: string;
        };
        /**
         * SettingsChange
         * @description All settings as they shall be; sections left out take their defaults.
         */
        SettingsChange: {
            revision: number;
            settings: Record<string, never>;
        };
        /**
         * CommissioningAnswer
         * @description The whole list judged; `started_at` is null and everything empty while none is going on.
         *
         *         `box` and `interface` are for the printed protocol; `packets`, `sip` and `audio` came in since the start.
         */
        CommissioningAnswer: {
            started_at: string | null;
            started_by: string;
            at: string;
            box: string;
            interface: string;
            knows_trunks: boolean;
            packets: number;
            sip: number;
            audio: number;
            total: number;
            passed: number;
            failed: number;
            rows: components["schemas"]["CommissionedRow"][];
        };
        /**
         * CommissionedRow
         * @description One extension of the list.
         */
        CommissionedRow: {
            number: string;
            name: string;
            standing: components["schemas"]["Standing"];
            findings: {
                [key: string]: components["schemas"]["Finding"];
            };
            causes: components["schemas"]["CauseView"][];
            call: components["schemas"]["CommissionedCall"] | null;
        };
        /**
         * Standing
         * @description Where an extension stands. `RUNNING` is a call that may still show what is missing.
         * @enum {unknown}
         */
        Standing: "failed" | "passed" | "running" | "waiting";
        /**
         * Check
         * @description What one call of an extension has to show. `SPOKEN` is audio from the telephone, `HEARD` audio to it.
         * @enum {unknown}
         */
        Check: "direction" | "heard" | "signalling" | "spoken";
        /**
         * Finding
         * @description What a check came to. `NOT_JUDGED`: nothing tells right from wrong, so it neither passes nor fails.
         * @enum {unknown}
         */
        Finding: "failed" | "not_judged" | "passed" | "waiting";
        /**
         * CauseView
         * @description A likely cause and what to do about it.
         */
        CauseView: {
            code: components["schemas"]["Cause"];
            text: string;
        };
        /**
         * Cause
         * @description Why a check has not passed.
         * @enum {unknown}
         */
        Cause: "audio_without_sip" | "direction_reversed" | "direction_unknown" | "encrypted" | "no_audio" | "no_link" | "no_recorder" | "no_telephony" | "not_answered" | "not_dialled" | "not_from" | "not_to" | "other_address" | "other_sip_port" | "port_silent" | "too_short";
        /**
         * CommissionedCall
         * @description The call that an extension is judged by. `spoken` and `heard` are packets from and to the telephone.
         *
         *         `up_s`: seconds since, or until, the answer
         */
        CommissionedCall: {
            call_id: string;
            at: string;
            side: components["schemas"]["Side"];
            other_number: string;
            address: string;
            direction: components["schemas"]["Direction"];
            is_over: boolean;
            up_s: number;
            spoken: number;
            heard: number;
            lost: number;
        };
        /**
         * CommissioningList
         * @description The list as it shall be; an empty one ends the commissioning.
         */
        CommissioningList: {
            extensions: components["schemas"]["Extension"][];
        };
        /**
         * Extension
         * @description One line of the installer's list; `name` says where the telephone stands or whose it is.
         */
        Extension: {
            number: string;
            /** @default  */
            name?: string;
        };
        /**
         * RevisionsAnswer
         * @description The last twenty, the newest first.
         */
        RevisionsAnswer: {
            revisions: components["schemas"]["RevisionView"][];
        };
        /**
         * RevisionView
         * @description A saved state of the settings; `by` is a person or a program, "" when not known.
         */
        RevisionView: {
            revision: number;
            at: string;
            by: string;
        };
        /**
         * RulesAnswer
         * @description The rules without the long lists, whose lengths are told; `version` changes with what is in `rules`.
         */
        RulesAnswer: {
            version: string;
            rules: Record<string, never>;
            counts: {
                [key: string]: number;
            };
        };
        /**
         * RulesChange
         * @description The rules as they shall be; refused when they are no longer those of `version`.
         */
        RulesChange: {
            version: string;
            rules: Record<string, never>;
        };
        /**
         * ImaginedCall
         * @description A call to decide about, and the rules to ask: those given, or those in force.
         *
         *         `at` is now when it is left out; `trunk` is where the INVITE came from (ip or ip:port); `headers` by name;
         *         `live_calls` of other recordings count against the licence.
         */
        ImaginedCall: {
            /** @default  */
            caller?: string;
            /** @default  */
            callee?: string;
            /** @default null */
            at?: string | null;
            /** @default unknown */
            direction?: components["schemas"]["Direction"];
            /** @default  */
            trunk?: string;
            /** @default {} */
            headers?: {
                [key: string]: string;
            };
            /** @default 0 */
            live_calls?: number;
            /** @default null */
            rules?: Record<string, never> | null;
        };
        /**
         * Explained
         * @description What becomes of the call and what decides it. `rule` is the deciding rule's name, '' for none.
         *
         *         `sample_pct` below 100: only this share of such calls; `passed` are the rules that were asked before and do not fit.
         */
        Explained: {
            action: components["schemas"]["Action"];
            action_text: string;
            ground: components["schemas"]["Ground"];
            explanation: string;
            rule: string;
            passed: string[];
            reason: components["schemas"]["Reason"] | null;
            reason_text: string;
            channel: number;
            look_back: boolean;
            sample_pct: number;
        };
        /**
         * ListQuery
         * @description Which entries: whose number or note contains a text, which are in force; newest first.
         */
        ListQuery: {
            /** @default  */
            number?: string;
            /**
             * @default all
             * @enum {unknown}
             */
            state?: "all" | "disabled" | "enabled";
            /** @default 1 */
            page?: number;
            /** @default 50 */
            page_size?: number;
        };
        /**
         * ListPage
         * @description Entries that match (`total` of `listed`); `on` tells whether the list is in force at all.
         */
        ListPage: {
            on: boolean;
            listed: number;
            total: number;
            page: number;
            page_size: number;
            entries: components["schemas"]["EntryView"][];
        };
        /**
         * EntryView
         * @description One entry.
         */
        EntryView: {
            number: string;
            note: string;
            enabled: boolean;
            created_at: string | null;
        };
        /**
         * Entry
         * @description What an entry shall say: a number, a beginning (5039*) or an end (*5039) of numbers.
         */
        Entry: {
            number: string;
            /** @default  */
            note?: string;
            /** @default true */
            enabled?: boolean;
        };
        /**
         * EntryQuery
         * @description The entry with exactly this number.
         */
        EntryQuery: {
            number: string;
        };
        /**
         * Switch
         * @description Whether only listed numbers are recorded.
         */
        Switch: {
            on: boolean;
        };
        /**
         * ExtensionsQuery
         * @description Which extensions: whose number, name or channel contains a text; in the order of the channels.
         */
        ExtensionsQuery: {
            /** @default  */
            search?: string;
            /** @default 1 */
            page?: number;
            /** @default 50 */
            page_size?: number;
        };
        /**
         * ExtensionsPage
         * @description Extensions that match (`total` of `listed`); `bound` tells whether only they are recorded.
         */
        ExtensionsPage: {
            bound: boolean;
            listed: number;
            total: number;
            page: number;
            page_size: number;
            extensions: components["schemas"]["ExtensionView"][];
        };
        /**
         * ExtensionView
         * @description One bound extension.
         */
        ExtensionView: {
            number: string;
            channel: number;
            name: string;
        };
        /**
         * NewExtensions
         * @description Extensions to be added together; those that cannot be are reported and keep none of the others out.
         */
        NewExtensions: {
            extensions: components["schemas"]["NewExtension"][];
        };
        /**
         * NewExtension
         * @description One extension; without a channel it takes the next free one.
         */
        NewExtension: {
            number: string;
            /** @default null */
            channel?: number | null;
            /** @default  */
            name?: string;
        };
        /**
         * PlanView
         * @description What was done, or would be: how many rows have each outcome; refused rows are shown first, at most 500 in all.
         */
        PlanView: {
            done: boolean;
            counts: {
                [key: string]: number;
            };
            rows: components["schemas"]["PlannedView"][];
            fingerprint: string;
        };
        /**
         * PlannedView
         * @description One row and what becomes of it; `channel` 0 = none.
         */
        PlannedView: {
            line: number;
            number: string;
            channel: number;
            name: string;
            outcome: components["schemas"]["Outcome"];
            problem: string;
        };
        /**
         * Outcome
         * @description What becomes of one row.
         * @enum {unknown}
         */
        Outcome: "add" | "change" | "refused" | "same";
        /**
         * ExtensionQuery
         * @description The extension with exactly this number.
         */
        ExtensionQuery: {
            number: string;
        };
        /**
         * Unwanted
         * @description Numbers to be removed.
         */
        Unwanted: {
            numbers: string[];
        };
        /**
         * Table
         * @description An uploaded CSV or XLSX, base64. `fingerprint` of a preview does what was shown; none only shows.
         */
        Table: {
            content: string;
            /** @default  */
            fingerprint?: string;
        };
        /**
         * UserList
         * @description Everyone, by name.
         */
        UserList: {
            users: components["schemas"]["UserView"][];
        };
        /**
         * UserView
         * @description A person; `must_change` until a password of one's own was chosen. `sessions` counts open ones.
         */
        UserView: {
            id: number;
            name: string;
            role: components["schemas"]["Role"];
            must_change: boolean;
            created_at: string;
            last_sign_in_at: string | null;
            sessions: number;
        };
        /**
         * NewUser
         * @description Whom to let in.
         */
        NewUser: {
            name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * UserWithPassword
         * @description The person and the password for the first sign-in; it is shown this once and lasts a week.
         */
        UserWithPassword: {
            user: components["schemas"]["UserView"];
            one_time_password: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    routes_describe: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    session_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    session_sign_in: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    session_sign_out: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    session_set_up: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setup"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    session_change_password: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    texts_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                language: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    home_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                days?: number;
                tz?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Home"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    live_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    live_control: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Order"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderObeyed"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    mirror_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MirrorAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    calls_search: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                from?: string | null;
                to?: string | null;
                number?: string;
                caller?: string;
                callee?: string;
                match?: "contains" | "exact" | "prefix" | "suffix";
                direction?: ("incoming" | "internal" | "outgoing" | "unknown") | null;
                recorded?: ("no" | "yes") | null;
                reason?: ("busy" | "cancelled" | "capture_loss" | "damaged" | "discarded" | "disk_full" | "elsewhere" | "encrypted" | "failed" | "interrupted" | "licence" | "no_answer" | "no_media" | "not_started" | "paused" | "policy" | "rejected" | "too_short" | "unsupported_payload") | null;
                mark?: ("capture_loss" | "clock_jump" | "codec_changed" | "decrypted" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "kept" | "loss" | "no_bye" | "on_demand" | "one_way" | "over_licence" | "part_undecoded" | "paused" | "redirected" | "snapped" | "ssrc_changed" | "stopped") | null;
                codec?: string;
                min_s?: number | null;
                max_s?: number | null;
                max_mos?: number | null;
                verdict?: ("both" | "clean" | "copy" | "network" | "unknown") | null;
                interaction_id?: string;
                sort?: "-duration" | "-started_at" | "duration" | "started_at";
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsPage"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    calls_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallDetail"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    audio_play: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                download?: boolean;
                format?: ("flac" | "mp3" | "opus" | "wav_g711" | "wav_pcm") | null;
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/*": unknown;
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    audio_peaks: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    kept_ladder: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ladder"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    kept_capture: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.tcpdump.pcap": unknown;
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    interactions_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                interaction_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Interaction"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    why_explain: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                number: string;
                at: string;
                window_min?: number;
                tz?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Why"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    settings_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    settings_save: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    commissioning_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommissioningAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    commissioning_save: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommissioningList"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommissioningAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    commissioning_reset: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommissioningAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    settings_history: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevisionsAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    settings_restore: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                revision: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    settings_describe: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    rules_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    rules_save: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RulesChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesAnswer"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    rules_describe: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    rules_explain: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImaginedCall"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explained"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    lists_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                number?: string;
                state?: "all" | "disabled" | "enabled";
                page?: number;
                page_size?: number;
            };
            header?: never;
            path: {
                list: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListPage"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    lists_add: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                list: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Entry"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryView"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    lists_replace: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                number: string;
            };
            header?: never;
            path: {
                list: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Entry"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EntryView"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    lists_remove: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                number: string;
            };
            header?: never;
            path: {
                list: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    lists_switch: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Switch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Switch"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    extensions_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                search?: string;
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtensionsPage"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    extensions_add: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewExtensions"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanView"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    extensions_replace: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                number: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewExtension"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtensionView"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    extensions_remove: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Unwanted"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    extensions_take_table: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Table"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanView"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    users_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    users_create: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserWithPassword"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    users_remove: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    users_renew_password: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserWithPassword"];
                };
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    socket_events: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection becomes a WebSocket (RFC 6455). */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
    socket_live: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection becomes a WebSocket (RFC 6455). */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Refused or failed. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorAnswer"];
                };
            };
        };
    };
}

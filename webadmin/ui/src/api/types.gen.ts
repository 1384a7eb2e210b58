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
        Permission: "calls" | "download" | "home" | "listen_live" | "live" | "open" | "play" | "self" | "settings" | "users";
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
         * @description The disk that holds the recordings; `days_left` is None while growth is not known.
         */
        StorageView: {
            total_bytes: number;
            free_bytes: number;
            archive_bytes: number;
            bytes_per_day: number;
            days_left: number | null;
        };
        /**
         * Reason
         * @description Why a call has no recording.
         * @enum {unknown}
         */
        Reason: "busy" | "cancelled" | "capture_loss" | "damaged" | "disk_full" | "encrypted" | "failed" | "interrupted" | "no_answer" | "no_media" | "policy" | "rejected" | "too_short" | "unsupported_payload";
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
         * @description Something that happened in a call.
         */
        EventView: {
            at: string;
            kind: string;
            side: components["schemas"]["Side"] | null;
            detail: string;
        };
        /**
         * StreamNow
         * @description Running figures of one side of one live call.
         */
        StreamNow: {
            packets: number;
            lost: number;
            jitter_ms: number;
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
        Mark: "capture_loss" | "clock_jump" | "codec_changed" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "loss" | "no_bye" | "one_way" | "part_undecoded" | "redirected" | "ssrc_changed";
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
            manifest: components["schemas"]["Manifest"];
            tracks: components["schemas"]["Track"][];
            messages: components["schemas"]["MessageView"][];
            events: components["schemas"]["EventView"][];
            recording: components["schemas"]["Recording"] | null;
            bundle_available: boolean;
            bundle_kept_until: string | null;
            legs: components["schemas"]["RowView"][];
        };
        /**
         * Manifest
         * @description `manifest.json`: written at open, renewed when the call changes, final before the rename.
         *
         *         `reason` is what capture already knows (no answer, policy, encrypted …); the archiver decides the rest.
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
        };
        /**
         * Call
         * @description One leg: everything the ledger says of it apart from its media.
         *
         *         `call_id` is ours, sortable, and also the bundle's name; `sip_call_id` is the header's value.
         *         Legs of one conversation share `interaction_id`, which is the `call_id` of the first of them.
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
        };
        /**
         * Party
         * @description One end of a call as the signalling names it.
         *
         *         `number` is normalised (digits with an optional leading +, or the user part in lower case when it is no
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
         *         `kind` is one of ringing, early_media, answered, hold, resume, reinvite, codec, dtmf, redirected, forked, transfer, bye, cancel, timeout, disk_full, disk_free, clock_jump.
         */
        CallEvent: {
            at: string;
            kind: string;
            /** @default null */
            side?: components["schemas"]["Side"] | null;
            /** @default  */
            detail?: string;
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
         *         Units: jitter in milliseconds (RFC 3550 §6.4.1). `lost` may be negative only in RTCP, never here.
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
        };
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
         * Track
         * @description One RTP stream as it was archived, counted anew from the bundle.
         *
         *         `payload_sha256`: of the payload bytes in sequence order without duplicates, lower-case hex.
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
         *         answer when there was early media. `peaks_file` is relative too.
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
         * WhyQuery
         * @description Whose call, and when it was going on, give or take the window.
         */
        WhyQuery: {
            number: string;
            /** Format: date-time */
            at: string;
            /** @default 15 */
            window_min?: number;
        };
        /**
         * Why
         * @description The answer: `intake_note` says what the mirror port has seen, '' where that explains nothing.
         */
        Why: {
            verdict: components["schemas"]["Verdict"];
            explanation: string;
            calls: components["schemas"]["WhyRow"][];
            intake_note: string;
        };
        /**
         * Verdict
         * @description What the ledger knows.
         * @enum {unknown}
         */
        Verdict: "never_seen" | "not_recorded" | "other_time" | "partly" | "recorded";
        /**
         * WhyRow
         * @description A call that the answer rests on, with one sentence on what became of it.
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
            sentence: string;
        };
        /**
         * SettingsAnswer
         * @description All settings with their revision.
         */
        SettingsAnswer: {
            revision: number;
            settings: Record<string, never>;
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
                reason?: ("busy" | "cancelled" | "capture_loss" | "damaged" | "disk_full" | "encrypted" | "failed" | "interrupted" | "no_answer" | "no_media" | "policy" | "rejected" | "too_short" | "unsupported_payload") | null;
                mark?: ("capture_loss" | "clock_jump" | "codec_changed" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "loss" | "no_bye" | "one_way" | "part_undecoded" | "redirected" | "ssrc_changed") | null;
                codec?: string;
                min_s?: number | null;
                max_s?: number | null;
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
    why_explain: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                number: string;
                at: string;
                window_min?: number;
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

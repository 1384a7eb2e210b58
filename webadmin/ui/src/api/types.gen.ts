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
    "/api/v1/session/second": {
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
         * Finish a sign-in with the second factor.
         * @description Permission: Open to everyone.
         */
        post: operations["session_give_second"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkey/options": {
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
         * Begin to sign in with a passkey alone.
         * @description Permission: Open to everyone.
         */
        post: operations["session_passkey_options"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/passkey": {
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
         * Sign in with a passkey alone: the device has verified its owner.
         * @description Permission: Open to everyone.
         */
        post: operations["session_by_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/confirmation": {
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
         * Confirm this session as the second person, with name and password.
         * @description Permission: Own sign-in and password.
         */
        post: operations["confirmation_give"];
        /**
         * Take the second person's confirmation of this session back.
         * @description Permission: Own sign-in and password.
         */
        delete: operations["confirmation_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/confirmation/second": {
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
         * Finish a confirmation with the second person's second factor.
         * @description Permission: Own sign-in and password.
         */
        post: operations["confirmation_give_second"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reset": {
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
         * Choose a new password with a one-time link; all the person's sessions end.
         * @description Permission: Open to everyone.
         */
        post: operations["entry_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reset/link": {
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
         * Whom a one-time link is for.
         * @description Permission: Open to everyone.
         */
        post: operations["entry_show_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account": {
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
         * One's own account.
         * @description Permission: Own sign-in and password.
         */
        get: operations["account_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sessions/{session_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of one's own sessions.
         * @description Permission: Own sign-in and password.
         */
        delete: operations["account_end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/sessions/end-others": {
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
         * End all of one's own sessions but this one.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_end_other_sessions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/app": {
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
         * Begin to set up an authenticator app; it is in force after its first code.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_begin_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/app/confirm": {
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
         * Put the authenticator app in force with its first code.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_confirm_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/app/remove": {
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
         * Remove the authenticator app and its recovery codes.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_remove_app"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/recovery-codes": {
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
         * New recovery codes; the old ones end.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_renew_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys/options": {
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
         * Begin to register a passkey.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_passkey_options"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys": {
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
         * Register a passkey.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_add_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/passkeys/{passkey_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                passkey_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget one of one's own passkeys.
         * @description Permission: Own sign-in and password.
         */
        delete: operations["account_remove_passkey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/tokens": {
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
         * Make a token for a program.
         * @description Permission: Own sign-in and password.
         */
        post: operations["account_add_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/account/tokens/{token_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke one of one's own tokens.
         * @description Permission: Own sign-in and password.
         */
        delete: operations["account_revoke_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
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
         * Who is signed in where.
         * @description Permission: Manage users.
         */
        get: operations["entry_list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Sign somebody out.
         * @description Permission: Manage users.
         */
        delete: operations["entry_end_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
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
         * Everybody's tokens.
         * @description Permission: Manage users.
         */
        get: operations["entry_list_tokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke somebody's token.
         * @description Permission: Manage users.
         */
        delete: operations["entry_revoke_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ldap/trial": {
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
         * Ask the directory server for a person, as a sign-in would.
         * @description Permission: Change settings.
         */
        post: operations["entry_try_ldap"];
        delete?: never;
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
    "/api/v1/live/channels": {
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
         * The bound extensions with their channels, busy or not.
         * @description Permission: See live calls.
         */
        get: operations["live_show_channels"];
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
    "/api/v1/mirror/nets": {
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
         * VLANs and subnets that the mirror brings, with what is missing of them.
         * @description Permission: See the overview.
         */
        get: operations["mirror_show_nets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards": {
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
         * The boards with their E1 ports, alarms and licences.
         * @description Permission: See the state of the system.
         */
        get: operations["boards_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/channels": {
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
         * Every channel: where it is, what begins its recording, and what it does now.
         * @description Permission: See the state of the system.
         */
        get: operations["boards_show_channels"];
        /**
         * Give many channels the same parameters at once.
         * @description Permission: Change settings.
         */
        put: operations["boards_save_channels"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/channels/{channel}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                channel: string;
            };
            cookie?: never;
        };
        /**
         * One channel with its parameters and the last ten minutes of voltage and level.
         * @description Permission: See the state of the system.
         */
        get: operations["boards_show_channel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/corrections": {
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
         * Trunks whose signalling is kept, the present plan, and how far the newest order came.
         * @description Permission: Change settings.
         */
        get: operations["corrections_show"];
        put?: never;
        /**
         * Read kept signalling again as the trunk is set now, to see what would change of past calls.
         * @description Permission: Change settings.
         */
        post: operations["corrections_plan"];
        /**
         * Forget the plan.
         * @description Permission: Change settings.
         */
        delete: operations["corrections_drop"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/corrections/rows": {
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
         * A page of what the plan would change, before and after.
         * @description Permission: Change settings.
         */
        get: operations["corrections_rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/corrections/order": {
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
         * Correct the calls of the plan; the archiver does it beside its work.
         * @description Permission: Change settings.
         */
        post: operations["corrections_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/boards/channels/{channel}/doctor": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                channel: string;
            };
            cookie?: never;
        };
        /**
         * What was observed on a channel, and the parameters that follow from it.
         * @description Permission: See the state of the system.
         */
        get: operations["line_doctor_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/network": {
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
         * Ports, settings and what is tried.
         * @description Permission: Change settings.
         */
        get: operations["network_show"];
        /**
         * Put settings in force for 90 seconds; they stay only when they are confirmed.
         * @description Permission: Change settings.
         */
        put: operations["network_try_out"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/network/trial": {
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
         * Keep the settings that are tried: they are saved, and stay.
         * @description Permission: Change settings.
         */
        post: operations["network_confirm"];
        /**
         * End the trial now: the saved settings are put in force.
         * @description Permission: Change settings.
         */
        delete: operations["network_go_back"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/time": {
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
         * How right the clock is, and its settings.
         * @description Permission: Change settings.
         */
        get: operations["clock_show"];
        /**
         * Save the time settings; the time keeper takes them up at once.
         * @description Permission: Change settings.
         */
        put: operations["clock_save"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/first-steps": {
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
         * How far the first steps have come.
         * @description Permission: Change settings.
         */
        get: operations["first_steps_show"];
        /**
         * Remember how far the first steps have come.
         * @description Permission: Change settings.
         */
        put: operations["first_steps_remember"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences": {
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
         * The device, its licence files and what they allow.
         * @description Permission: See the state of the system.
         */
        get: operations["licences_show"];
        put?: never;
        /**
         * Bring a licence file; only one that is good is kept.
         * @description Permission: Change settings.
         */
        post: operations["licences_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/licences/{licence}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                licence: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a licence file away.
         * @description Permission: Change settings.
         */
        delete: operations["licences_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/web-access": {
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
         * The panel's certificate, and the request that waits.
         * @description Permission: Change settings.
         */
        get: operations["web_access_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/web-access/request": {
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
         * The request as a file.
         * @description Permission: Change settings.
         */
        get: operations["web_access_fetch"];
        put?: never;
        /**
         * Make a key and a request for an authority; an earlier request is worth nothing any more.
         * @description Permission: Change settings.
         */
        post: operations["web_access_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/web-access/certificate": {
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
         * Put a certificate in force; new connections get it within seconds.
         * @description Permission: Change settings.
         */
        put: operations["web_access_install"];
        post?: never;
        /**
         * Go back to a certificate that the box makes itself.
         * @description Permission: Change settings.
         */
        delete: operations["web_access_renew"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/time/order": {
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
         * Ask the servers now, go at once to what they say, or set the clock by hand.
         * @description Permission: Change settings.
         */
        post: operations["clock_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/probes": {
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
         * Begin a look at the network.
         * @description Permission: Change settings.
         */
        post: operations["network_begin_probe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/probes/{probe_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                probe_id: string;
            };
            cookie?: never;
        };
        /**
         * How far one's look is.
         * @description Permission: Change settings.
         */
        get: operations["network_show_probe"];
        put?: never;
        post?: never;
        /**
         * End a look.
         * @description Permission: Change settings.
         */
        delete: operations["network_end_probe"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/probes/{probe_id}/file": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                probe_id: string;
            };
            cookie?: never;
        };
        /**
         * The packets of a finished sample.
         * @description Permission: Change settings.
         */
        get: operations["network_fetch_sample"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/update": {
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
         * Both slots, what is brought, installed, planned and on trial, and the history.
         * @description Permission: Change settings.
         */
        get: operations["update_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/update/bundle": {
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
         * Take the next piece of an update; the last one has it verified.
         * @description Permission: Change settings.
         */
        post: operations["update_take"];
        /**
         * Forget the update that was brought.
         * @description Permission: Change settings.
         */
        delete: operations["update_drop"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/update/fetch": {
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
         * Have an update fetched from an address.
         * @description Permission: Change settings.
         */
        post: operations["update_fetch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/update/stick": {
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
         * The updates on a USB stick, which is opened to be read only, and let go.
         * @description Permission: Change settings.
         */
        post: operations["update_list_stick"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/update/stick/bundle": {
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
         * Have an update copied from a USB stick.
         * @description Permission: Change settings.
         */
        post: operations["update_bring"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/update/install": {
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
         * Have the verified update written beside the running system.
         * @description Permission: Change settings.
         */
        post: operations["update_install"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/update/start": {
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
         * Start the other system at a time: an update, or the one before.
         * @description Permission: Change settings.
         */
        post: operations["update_start"];
        /**
         * Not to start the other system.
         * @description Permission: Change settings.
         */
        delete: operations["update_stay"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/factory-reset": {
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
         * Back to the state of delivery, with or without the recordings.
         * @description Permission: Change settings.
         */
        post: operations["update_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
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
         * Network ports, system, licences, disks and programs as they are now.
         * @description Permission: See the state of the system.
         */
        get: operations["system_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/restart": {
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
         * The whole box anew.
         * @description Permission: Change settings.
         */
        post: operations["power_restart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/power-off": {
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
         * The whole box off; only its button brings it back.
         * @description Permission: Change settings.
         */
        post: operations["power_switch_off"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/programs/{program}/restart": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                program: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * One program anew; calls that run go on with a gap of seconds where it records them.
         * @description Permission: Change settings.
         */
        post: operations["power_restart_program"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system/programs/{program}/log": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                program: string;
            };
            cookie?: never;
        };
        /**
         * The last lines of a program's log.
         * @description Permission: See the state of the system.
         */
        get: operations["system_show_log"];
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
    "/api/v1/query/line": {
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
         * What a query line asks.
         * @description Permission: Search calls.
         */
        get: operations["query_read_line"];
        put?: never;
        /**
         * The query line that asks for these filters.
         * @description Permission: Search calls.
         */
        post: operations["query_write_line"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statements": {
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
         * All statements, each proved by its signature, by the one before it, and by the ledger.
         * @description Permission: See statistics.
         */
        get: operations["statements_show"];
        put?: never;
        /**
         * Ask for a statement of the day so far; the archiver makes it within seconds.
         * @description Permission: See statistics.
         */
        post: operations["statements_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statements/{statement}/file": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                statement: string;
            };
            cookie?: never;
        };
        /**
         * One statement as JSON (what is signed), as text to be printed, or its signature.
         * @description Permission: See statistics.
         */
        get: operations["statements_fetch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statement-key": {
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
         * The public key that proves the statements, as PEM.
         * @description Permission: See statistics.
         */
        get: operations["statements_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cdr/preview": {
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
         * Look at an uploaded list before it is compared.
         * @description Permission: See statistics.
         */
        post: operations["cdr_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/cdr/comparison": {
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
         * Compare the exchange's list with the ledger.
         * @description Permission: See statistics.
         */
        post: operations["cdr_compare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statistics": {
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
         * One table of statistics.
         * @description Permission: See statistics.
         */
        get: operations["statistics_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statistics/table": {
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
         * One table of statistics as a workbook with its chart.
         * @description Permission: See statistics.
         */
        get: operations["statistics_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/query/completions": {
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
         * What could stand at the cursor of a query line.
         * @description Permission: Search calls.
         */
        get: operations["query_complete"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/query/count": {
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
         * How many calls match, exactly.
         * @description Permission: Search calls.
         */
        get: operations["query_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/searches": {
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
         * The searches that one has kept or that others share.
         * @description Permission: Search calls.
         */
        get: operations["query_show_searches"];
        put?: never;
        /**
         * One more search of one's own, or shared; its line is its content.
         * @description Permission: Search calls.
         */
        post: operations["query_keep_search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/searches/{search_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                search_id: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Change a search of one's own.
         * @description Permission: Search calls.
         */
        put: operations["query_replace_search"];
        post?: never;
        /**
         * Delete a search of one's own.
         * @description Permission: Search calls.
         */
        delete: operations["query_forget_search"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/preferences/tour": {
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
         * How far one has come.
         * @description Permission: Own sign-in and password.
         */
        get: operations["tour_show"];
        /**
         * Remember how far one has come.
         * @description Permission: Own sign-in and password.
         */
        put: operations["tour_remember"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/preferences/columns": {
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
         * The columns that one has chosen for the list of calls.
         * @description Permission: Search calls.
         */
        get: operations["query_show_columns"];
        /**
         * Choose the columns of the list of calls.
         * @description Permission: Search calls.
         */
        put: operations["query_choose_columns"];
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
         * The audio of a call or of a region of it, channel 0 = caller.
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
         * The waveform of a call, or a finer one of a short window of it.
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
    "/api/v1/annotations": {
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
         * Tags, number of notes and holds of the calls of a page, and which of them one has reviewed.
         * @description Permission: Search calls.
         */
        get: operations["annotations_of_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reviewed": {
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
         * Note for oneself which calls one has reviewed.
         * @description Permission: Search calls.
         */
        put: operations["annotations_mark_reviewed"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags": {
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
         * Tags in use, for completion.
         * @description Permission: Search calls.
         */
        get: operations["annotations_known"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/annotations": {
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
         * Tags, notes, bookmarks, holds and the deletion of a call.
         * @description Permission: Search calls.
         */
        get: operations["annotations_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/tags": {
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
         * Put a tag on a call.
         * @description Permission: Write notes, tags and bookmarks.
         */
        post: operations["annotations_add_tag"];
        /**
         * Take a tag off a call.
         * @description Permission: Write notes, tags and bookmarks.
         */
        delete: operations["annotations_remove_tag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/notes": {
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
         * Write a note.
         * @description Permission: Write notes, tags and bookmarks.
         */
        post: operations["annotations_add_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/notes/{note_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
                note_id: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Change a note of one's own.
         * @description Permission: Write notes, tags and bookmarks.
         */
        put: operations["annotations_change_note"];
        post?: never;
        /**
         * Remove a note of one's own.
         * @description Permission: Write notes, tags and bookmarks.
         */
        delete: operations["annotations_remove_note"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/bookmarks": {
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
         * Mark a place in the recording.
         * @description Permission: Write notes, tags and bookmarks.
         */
        post: operations["annotations_add_bookmark"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/bookmarks/{bookmark_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
                bookmark_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a bookmark of one's own.
         * @description Permission: Write notes, tags and bookmarks.
         */
        delete: operations["annotations_remove_bookmark"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/hold": {
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
        /**
         * Put a call under a legal hold: nothing can delete it until the hold is lifted.
         * @description Permission: Set and lift legal holds.
         */
        put: operations["keeping_hold"];
        post?: never;
        /**
         * Lift the legal hold of a call.
         * @description Permission: Set and lift legal holds.
         */
        delete: operations["keeping_lift"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/deletion": {
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
         * Delete a recording, in two steps; the call stays in the ledger with who and why.
         * @description Permission: Delete recordings.
         */
        post: operations["keeping_delete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{call_id}/evidence": {
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
         * The recording's SHA-256, computed now, beside the one of the record.
         * @description Permission: Play recordings.
         */
        get: operations["keeping_evidence"];
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
         * The packets of a call as a capture file; they hold all numbers, so whoever must not see them gets none.
         * @description Permission: Download recordings and packets.
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
    "/api/v1/calls/{call_id}/shares": {
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
         * The links to a call.
         * @description Permission: Share links to recordings.
         */
        get: operations["shares_of_call"];
        put?: never;
        /**
         * Make a link to a recording.
         * @description Permission: Share links to recordings.
         */
        post: operations["shares_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports": {
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
         * One's own exports.
         * @description Permission: Search calls.
         */
        get: operations["exports_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/recordings": {
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
         * Prepare a ZIP archive of recordings, with an index of the calls in it; masked numbers have tokens beside them.
         * @description Permission: Download recordings and packets.
         */
        post: operations["exports_begin_recordings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/tables": {
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
         * Prepare a table of calls.
         * @description Permission: Export lists as tables.
         */
        post: operations["exports_begin_table"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/{export_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                export_id: string;
            };
            cookie?: never;
        };
        /**
         * How an export stands.
         * @description Permission: Search calls.
         */
        get: operations["exports_state"];
        put?: never;
        post?: never;
        /**
         * End an export and forget it.
         * @description Permission: Search calls.
         */
        delete: operations["exports_cancel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/{export_id}/again": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                export_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare the same calls once more, in place of what was prepared before.
         * @description Permission: Search calls.
         */
        post: operations["exports_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports/{export_id}/file": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                export_id: string;
            };
            cookie?: never;
        };
        /**
         * The archive or the table, by ranges where asked.
         * @description Permission: Search calls.
         */
        get: operations["exports_fetch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shares": {
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
         * One's own links, whoever manages users sees all; but none to a call that is out of one's sight.
         * @description Permission: Share links to recordings.
         */
        get: operations["shares_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shares/{share_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                share_id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a link at once.
         * @description Permission: Share links to recordings.
         */
        delete: operations["shares_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared": {
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
         * Whether a link is good and asks for a password.
         * @description Permission: Open to everyone.
         */
        get: operations["shares_look"];
        put?: never;
        /**
         * Open a link: who spoke when, and a ticket for its player.
         * @description Permission: Open to everyone.
         */
        post: operations["shares_open_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared/audio": {
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
         * The audio of an opened link.
         * @description Permission: Open to everyone.
         */
        get: operations["shares_play"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shared/peaks": {
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
         * The waveform of an opened link; of a region longer than half an hour there is none.
         * @description Permission: Open to everyone.
         */
        get: operations["shares_peaks"];
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
    "/api/v1/alarms": {
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
         * Search the alarms of the box.
         * @description Permission: See and acknowledge alarms.
         */
        get: operations["alarms_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/count": {
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
         * How many alarms stand.
         * @description Permission: See and acknowledge alarms.
         */
        get: operations["alarms_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/notices": {
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
         * Search the mails about alarms.
         * @description Permission: See and acknowledge alarms.
         */
        get: operations["alarm_mails_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/self-test": {
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
         * How the last test call came out.
         * @description Permission: See the state of the system.
         */
        get: operations["selftest_show"];
        put?: never;
        /**
         * Place a test call now and wait for its verdict, two minutes at most.
         * @description Permission: Change settings.
         */
        post: operations["selftest_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/bundle": {
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
         * Everything that helps to find a fault, numbers as tokens, as a ZIP.
         * @description Permission: See the state of the system.
         */
        get: operations["support_fetch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics": {
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
         * Calls, mirror ports, storage, work, programs and alarms as metrics (Prometheus text format).
         * @description Permission: See the state of the system.
         */
        get: operations["monitoring_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitoring/templates/{template}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                template: string;
            };
            cookie?: never;
        };
        /**
         * A template for a monitoring system, made for this recorder's MIB.
         * @description Permission: See the state of the system.
         */
        get: operations["monitoring_template"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitoring/mib": {
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
         * The MIB of this recorder, for SNMP managers.
         * @description Permission: See the state of the system.
         */
        get: operations["monitoring_mib"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/notices/trial": {
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
         * Send a notice to all receivers of a target with the saved settings, now.
         * @description Permission: Change settings.
         */
        post: operations["alarm_mails_try_mail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm_id}/acknowledgement": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                alarm_id: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Say that somebody has seen an alarm, with a note; once more to change the note.
         * @description Permission: See and acknowledge alarms.
         */
        put: operations["alarms_acknowledge"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm_id}/snooze": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                alarm_id: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Let an alarm be quiet for a while.
         * @description Permission: See and acknowledge alarms.
         */
        put: operations["alarms_snooze"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations": {
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
         * Search the operation log; it names calls of everybody, so only for people who may know of all.
         * @description Permission: See the operation log.
         */
        get: operations["operations_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/export": {
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
         * The rows as a table, CSV or Excel.
         * @description Permission: See the operation log.
         */
        get: operations["operations_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/verification": {
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
         * Follow the chain of the log, some thousand rows at a time.
         * @description Permission: See the operation log.
         */
        get: operations["operations_verify"];
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
    "/api/v1/backups": {
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
         * Backups, what is being done, what was, and the rehearsal.
         * @description Permission: Change settings.
         */
        get: operations["backups_show"];
        put?: never;
        /**
         * Make a backup now and bring it to every place.
         * @description Permission: Change settings.
         */
        post: operations["backups_make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/look": {
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
         * Look into every place.
         * @description Permission: Change settings.
         */
        post: operations["backups_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/trial": {
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
         * Write to a place, read back and delete.
         * @description Permission: Change settings.
         */
        post: operations["backups_attempt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/remove": {
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
         * Delete a backup in a place.
         * @description Permission: Change settings.
         */
        post: operations["backups_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/fetch": {
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
         * Bring a backup to the box, so that it can be downloaded.
         * @description Permission: Change settings.
         */
        post: operations["backups_bring"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/file": {
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
         * A backup as a file, encrypted as it is.
         * @description Permission: Change settings.
         */
        get: operations["backups_download"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/rehearsal": {
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
         * Restore a backup aside and tell what it holds; nothing of the box is changed.
         * @description Permission: Change settings.
         */
        post: operations["backups_rehearse"];
        /**
         * Throw the rehearsal away.
         * @description Permission: Change settings.
         */
        delete: operations["backups_forget"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/upload": {
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
         * Take the next piece of a backup from a browser; the first one has to look like a backup.
         * @description Permission: Change settings.
         */
        post: operations["backups_take"];
        /**
         * Delete the backup that was brought.
         * @description Permission: Change settings.
         */
        delete: operations["backups_discard"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/upload/rehearsal": {
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
         * Restore the backup that was brought aside and tell what it holds; nothing of the box is changed.
         * @description Permission: Change settings.
         */
        post: operations["backups_rehearse_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/restore": {
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
         * Make the box what the rehearsed backup holds; its present state is kept as a backup first.
         * @description Permission: Change settings.
         */
        post: operations["backups_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/key": {
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
         * Show the recovery key, once.
         * @description Permission: Change settings.
         */
        post: operations["backups_show_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/backups/key/renewal": {
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
         * Make a new recovery key and show it; the box still opens its older backups, nobody else does without the old one.
         * @description Permission: Change settings.
         */
        post: operations["backups_renew_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage": {
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
         * Storage paths, growth, disks and arrays.
         * @description Permission: See the state of the system.
         */
        get: operations["storage_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage/disk": {
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
         * Erase a disk and use it as the second storage path.
         * @description Permission: Change settings.
         */
        post: operations["second_disk_prepare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/storage/second": {
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
         * Use the disk for recordings that is plugged in as the second storage path, with what is on it.
         * @description Permission: Change settings.
         */
        post: operations["second_disk_take_on"];
        /**
         * Let the disk go, so that it can be pulled out; its recordings are found again when it is back.
         * @description Permission: Change settings.
         */
        delete: operations["second_disk_take_off"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention": {
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
         * The settings of retention, and what they would delete now.
         * @description Permission: Change settings.
         */
        get: operations["retention_show"];
        /**
         * Replace the settings of retention.
         * @description Permission: Change settings.
         */
        put: operations["retention_save"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention/schema": {
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
         * The JSON Schema of the settings of retention, with labels in both languages.
         * @description Permission: Change settings.
         */
        get: operations["retention_describe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention/preview": {
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
         * What other settings would delete now; nothing is changed.
         * @description Permission: Change settings.
         */
        post: operations["retention_preview"];
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
         * Which states were saved, when, by whom, and what each changed.
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
    "/api/v1/settings/difference": {
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
         * What differs between two states, in words.
         * @description Permission: Change settings.
         */
        get: operations["settings_compare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/export": {
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
         * The settings as a file.
         * @description Permission: Change settings.
         */
        post: operations["settings_file_export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/import": {
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
         * Look at an exported file, or bring it in.
         * @description Permission: Change settings.
         */
        post: operations["settings_file_take"];
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
    "/api/v1/contacts": {
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
         * One page of the contacts.
         * @description Permission: Change contacts and extensions.
         */
        get: operations["contacts_show"];
        put?: never;
        /**
         * Add contacts; those that are known already are reported.
         * @description Permission: Change contacts and extensions.
         */
        post: operations["contacts_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/entry": {
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
         * Change a contact; an extension keeps its number here.
         * @description Permission: Change contacts and extensions.
         */
        put: operations["contacts_replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/remove": {
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
         * Remove contacts; extensions are refused, and then nothing is removed.
         * @description Permission: Change contacts and extensions.
         */
        post: operations["contacts_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/table": {
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
         * @description Permission: Change contacts and extensions.
         */
        post: operations["contacts_take_table"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/export": {
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
         * The contacts as a table that an import understands.
         * @description Permission: Change contacts and extensions.
         */
        get: operations["contacts_export"];
        put?: never;
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
         * One page of the extensions, in the order of their channels.
         * @description Permission: Change contacts and extensions.
         */
        get: operations["extensions_show"];
        put?: never;
        /**
         * Add extensions; those that are bound already are reported.
         * @description Permission: Change contacts and extensions.
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
         * Change an extension's number, channel, kind or what it is called.
         * @description Permission: Change contacts and extensions.
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
         * Remove extensions; what they are called stays as a contact, numbers that are none are passed over.
         * @description Permission: Change contacts and extensions.
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
         * @description Permission: Change contacts and extensions.
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
         * Everyone who may sign in; somebody with a part of the rights sees those with no more than that.
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
    "/api/v1/users/extensions": {
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
         * Extensions that a scope may name.
         * @description Permission: Manage users.
         */
        get: operations["users_choices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/scope-size": {
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
         * How many extensions and calls a scope would give.
         * @description Permission: Manage users.
         */
        post: operations["users_size"];
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
        /**
         * Change somebody's names, role and scope, or disable them.
         * @description Permission: Manage users.
         */
        put: operations["users_replace"];
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
    "/api/v1/look": {
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
         * Look at the panel as this person sees it, in this session, until that is ended.
         * @description Permission: Manage users.
         */
        post: operations["look_begin"];
        /**
         * See the panel with one's own eyes again.
         * @description Permission: Own sign-in and password.
         */
        delete: operations["look_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments": {
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
         * The departments.
         * @description Permission: Own sign-in and password.
         */
        get: operations["departments_show"];
        put?: never;
        /**
         * Add a department.
         * @description Permission: Manage users.
         */
        post: operations["departments_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments/{department_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                department_id: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Rename a department, or move it with all below it: scopes that name one above it change with it.
         * @description Permission: Manage users.
         */
        put: operations["departments_replace"];
        post?: never;
        /**
         * Delete a department that nothing refers to any more.
         * @description Permission: Manage users.
         */
        delete: operations["departments_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
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
         * All roles, and what can be ticked.
         * @description Permission: Manage users.
         */
        get: operations["roles_show"];
        put?: never;
        /**
         * Add a role.
         * @description Permission: Manage users.
         */
        post: operations["roles_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{role_id}": {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Change a role, at once for everybody who has it.
         * @description Permission: Manage users.
         */
        put: operations["roles_replace"];
        post?: never;
        /**
         * Delete a role that nobody has.
         * @description Permission: Manage users.
         */
        delete: operations["roles_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/view-list": {
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
         * The numbers whose calls are shown.
         * @description Permission: Change recording rules and lists.
         */
        get: operations["view_list_show"];
        put?: never;
        /**
         * Add a number to the view list.
         * @description Permission: Change recording rules and lists.
         */
        post: operations["view_list_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/view-list/entry": {
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
         * Change an entry of the view list.
         * @description Permission: Change recording rules and lists.
         */
        put: operations["view_list_replace"];
        post?: never;
        /**
         * Take a number off the view list.
         * @description Permission: Change recording rules and lists.
         */
        delete: operations["view_list_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/view-list/switch": {
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
         * Put the view list in force, or out of force.
         * @description Permission: Change recording rules and lists.
         */
        put: operations["view_list_switch"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/reset-link": {
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
         * Make a one-time link with which somebody chooses a new password.
         * @description Permission: Manage users.
         */
        post: operations["entry_make_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{user_id}/second-factor": {
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
         * Take the second factors away from somebody who lost them.
         * @description Permission: Manage users.
         */
        delete: operations["entry_remove_factors"];
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
            second: components["schemas"]["SecondAsked"] | null;
        };
        /**
         * SessionUser
         * @description Who is signed in. `must_change`: only the own password may be changed until that was done.
         *
         *         `sees_box`: figures of the box as a whole are shown. `looker` is the administrator who looks at the panel as this user sees it, '' when the user is there in person.
         *         `first_steps`: this person may go on with the first steps of a new box, which nobody has ended yet.
         *         `is_guarded`: the role needs a second person for what is sensitive; `awaits` is what opens once one has confirmed.
         */
        SessionUser: {
            name: string;
            real_name: string;
            role: string;
            sees_everything: boolean;
            sees_box: boolean;
            looker: string;
            must_change: boolean;
            must_enrol: boolean;
            first_steps: boolean;
            permissions: components["schemas"]["Permission"][];
            is_guarded: boolean;
            awaits: components["schemas"]["Permission"][];
            confirmation: components["schemas"]["ConfirmationView"] | null;
        };
        /**
         * Permission
         * @description One thing that a person may do; every row of the route table names exactly one.
         *
         *         `OPEN` needs no sign-in at all, `SELF` any signed-in person, even one who must change the password first.
         * @enum {unknown}
         */
        Permission: "alarms" | "annotate" | "calls" | "confirm" | "control" | "delete" | "directory" | "download" | "export" | "full_numbers" | "hold" | "home" | "listen_live" | "live" | "open" | "operations" | "play" | "rules" | "self" | "settings" | "share" | "statistics" | "system" | "users";
        /**
         * ConfirmationView
         * @description The second person who has confirmed this session.
         */
        ConfirmationView: {
            name: string;
            real_name: string;
            at: string;
            until: string;
        };
        /**
         * SecondAsked
         * @description The password was right; the second factor is awaited. `options`: for a passkey, where there is one.
         */
        SecondAsked: {
            ticket: string;
            app: boolean;
            recovery: boolean;
            options: Record<string, never> | null;
        };
        /**
         * SignIn
         * @description Name and password.
         */
        SignIn: {
            name: string;
            password: string;
        };
        /**
         * SecondFactor
         * @description The other half of a sign-in: a code (of the app, or a recovery code) or a passkey's answer.
         */
        SecondFactor: {
            ticket: string;
            /** @default  */
            code?: string;
            /** @default null */
            credential?: Record<string, never> | null;
        };
        /**
         * PasskeyOptions
         * @description What `navigator.credentials` needs (`parseRequestOptionsFromJSON`).
         */
        PasskeyOptions: {
            ticket: string;
            options: Record<string, never>;
        };
        /**
         * PasskeyAnswer
         * @description What `navigator.credentials.get` gave, as JSON.
         */
        PasskeyAnswer: {
            ticket: string;
            credential: Record<string, never>;
        };
        /**
         * Reset
         * @description The link's token and the new password.
         */
        Reset: {
            token: string;
            password: string;
        };
        /**
         * LinkQuestion
         * @description What stands behind the # of a one-time link.
         */
        LinkQuestion: {
            token: string;
        };
        /**
         * LinkView
         * @description Whom a link is for.
         */
        LinkView: {
            name: string;
            expires_at: string;
            min_password_length: number;
        };
        /**
         * AccountView
         * @description Everything about one's own account. `source`: local | ldap.
         */
        AccountView: {
            name: string;
            source: string;
            totp_since: string | null;
            recovery_codes: number;
            must_have_factor: boolean;
            passkeys: components["schemas"]["PasskeyView"][];
            sessions: components["schemas"]["SessionView"][];
            tokens: components["schemas"]["TokenView"][];
            grantable: components["schemas"]["Permission"][];
            token_longest_d: number;
        };
        /**
         * PasskeyView
         * @description A passkey; it works at `host` only.
         */
        PasskeyView: {
            id: number;
            name: string;
            host: string;
            created_at: string;
            used_at: string | null;
        };
        /**
         * SessionView
         * @description An open session. `method`: local | ldap | passkey, with +app, +recovery or +passkey for a second factor.
         */
        SessionView: {
            id: string;
            user_id: number;
            user: string;
            created_at: string;
            seen_at: string;
            address: string;
            system: string;
            browser: string;
            method: string;
            is_this: boolean;
        };
        /**
         * TokenView
         * @description A token without its value.
         */
        TokenView: {
            id: number;
            user_id: number;
            user: string;
            name: string;
            permissions: components["schemas"]["Permission"][];
            created_at: string;
            expires_at: string;
            is_expired: boolean;
            used_at: string | null;
            used_from: string;
        };
        /**
         * WithPassword
         * @description One's own password once more.
         */
        WithPassword: {
            password: string;
        };
        /**
         * AppSecret
         * @description What an authenticator app scans (`picture`, an image as data address) or is typed in (`secret`).
         */
        AppSecret: {
            secret: string;
            uri: string;
            picture: string;
        };
        /**
         * AppCode
         * @description The first code of the app.
         */
        AppCode: {
            code: string;
        };
        /**
         * RecoveryCodes
         * @description Each serves once instead of the app; they are shown this once.
         */
        RecoveryCodes: {
            codes: string[];
        };
        /**
         * NewPasskey
         * @description What `navigator.credentials.create` gave, as JSON, and what its owner calls it.
         */
        NewPasskey: {
            ticket: string;
            name: string;
            credential: Record<string, never>;
        };
        /**
         * NewToken
         * @description A part of one's own rights, for a while.
         */
        NewToken: {
            name: string;
            permissions: components["schemas"]["Permission"][];
            days: number;
            password: string;
        };
        /**
         * TokenWithValue
         * @description The token and its value, which is shown this once.
         */
        TokenWithValue: {
            token: components["schemas"]["TokenView"];
            value: string;
        };
        /**
         * SessionList
         * @description Who is signed in where, the last seen first.
         */
        SessionList: {
            sessions: components["schemas"]["SessionView"][];
        };
        /**
         * TokenList
         * @description Everybody's tokens, newest first.
         */
        TokenList: {
            tokens: components["schemas"]["TokenView"][];
        };
        /**
         * LdapTrial
         * @description A name to look for, with a password to try where wanted; the saved settings are used.
         */
        LdapTrial: {
            name: string;
            /** @default  */
            password?: string;
        };
        /**
         * LdapResult
         * @description What the directory server says. `proved` null when no password was tried; `role` '' when none fits.
         */
        LdapResult: {
            found: boolean;
            dn: string;
            full_name: string;
            groups: string[];
            proved: boolean | null;
            role: string;
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
         * @description Everything the first page shows; of the box as a whole nothing to people who see a part of the calls.
         *
         *         `live_now` is None for whoever may not see live calls.
         */
        Home: {
            calls_today: number;
            recordings_today: number;
            not_recorded_today: number;
            live_now: number | null;
            per_hour: components["schemas"]["HourView"][];
            per_day: components["schemas"]["DayView"][];
            storage: components["schemas"]["StorageView"] | null;
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
        Reason: "busy" | "cancelled" | "capture_loss" | "damaged" | "deleted" | "discarded" | "disk_full" | "elsewhere" | "encrypted" | "expired" | "failed" | "interrupted" | "licence" | "no_answer" | "no_media" | "not_started" | "paused" | "policy" | "rejected" | "too_short" | "unsupported_payload";
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
            data_type: components["schemas"]["DataType"];
            trunk: string;
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
         * @description One end of a live call; name, company and department are what the directory says.
         */
        PartyView: {
            number: string;
            number_raw: string;
            display: string;
            uri: string;
            address: string;
            name: string;
            company: string;
            department: string;
        };
        /**
         * Direction
         * @description Seen from the company; unknown until service addresses are configured.
         * @enum {unknown}
         */
        Direction: "incoming" | "internal" | "outgoing" | "unknown";
        /**
         * DataType
         * @description How the sound came to the box.
         * @enum {unknown}
         */
        DataType: "analog" | "e1" | "ip" | "siprec";
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
         * ChannelsAnswer
         * @description The bound extensions that the visitor may know of, by channel.
         */
        ChannelsAnswer: {
            channels: components["schemas"]["ChannelView"][];
        };
        /**
         * ChannelView
         * @description A bound extension and its channel; name, company and department are what the directory says.
         */
        ChannelView: {
            number: string;
            channel: number;
            name: string;
            company: string;
            department: string;
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
         * NetsAnswer
         * @description What all ports together bring from each VLAN and subnet, the heaviest first.
         */
        NetsAnswer: {
            vlans: components["schemas"]["NetView"][];
            subnets: components["schemas"]["NetView"][];
        };
        /**
         * NetView
         * @description A VLAN or subnet; `is_lame`: of most of its streams the other direction is missing.
         */
        NetView: {
            name: string;
            packets: number;
            sip: number;
            rtp: number;
            streams: number;
            one_way: number;
            is_lame: boolean;
        };
        /**
         * BoardsAnswer
         * @description Every board, how many channels are in each state, and the licence of the technologies that boards bring.
         */
        BoardsAnswer: {
            boards: components["schemas"]["BoardView"][];
            counts: {
                [key: string]: number;
            };
            licences: components["schemas"]["LicensedUse"][];
            /** @default [] */
            found?: components["schemas"]["FoundBoard"][];
        };
        /**
         * BoardView
         * @description A board of the settings. `fault` is "" while it is read; `problem` are the driver's own words.
         *
         *         `lost_samples` and `overruns` count since `since`, when it was opened; `licensed_channels` 0 is no limit, `recorded` is how
         *         many of its calls take a place now.
         */
        BoardView: {
            name: string;
            driver: string;
            driver_text: string;
            model: string;
            serial: string;
            first_channel: number;
            channels: number;
            spans: components["schemas"]["SpanView"][];
            fault: string;
            fault_text: string;
            problem: string;
            since: string | null;
            lost_samples: number;
            overruns: number;
            licensed_channels: number;
            over_licence: number;
            recorded: number;
        };
        /**
         * SpanView
         * @description An E1 port by its number on the board. `alarms` in the words of the framer: los, lof, ais, rai, red, yellow, blue.
         */
        SpanView: {
            number: number;
            name: string;
            framing: string;
            alarms: string[];
            since: string | null;
        };
        /**
         * ChannelState
         * @description What a channel is doing now.
         *
         *         `WAITING`: a call is up and its recording is not started; `EXCLUDED`: a call is up and not recorded.
         * @enum {unknown}
         */
        ChannelState: "alarm" | "excluded" | "gone" | "idle" | "no_line" | "off" | "paused" | "recording" | "ringing" | "waiting";
        /**
         * LicensedUse
         * @description How many calls of a technology the box's licence files allow at once (`limit` null: any number), and how many there are.
         */
        LicensedUse: {
            technology: components["schemas"]["DataType"];
            text: string;
            recorded: number;
            limit: number | null;
        };
        /**
         * FoundBoard
         * @description What is plugged in; `settings` is the entry of `boards.cards` that would record it.
         */
        FoundBoard: {
            kind: string;
            kind_text: string;
            model: string;
            channels: number;
            settings: Record<string, never>;
        };
        /**
         * LinesAnswer
         * @description All channels of all boards, by number.
         */
        LinesAnswer: {
            channels: components["schemas"]["LineView"][];
        };
        /**
         * LineView
         * @description A channel at this moment. `kind`: analog, voice, dchannel or clear, "" when the board is not there.
         *
         *         `control`: what begins and ends its recording. `call_id` of a call that the visitor may know of. Units: volts, dBm0
         */
        LineView: {
            number: number;
            board: string;
            kind: string;
            span: number;
            timeslot: number;
            name: string;
            extension: string;
            control: components["schemas"]["appliance.settings.boards.Control"];
            control_text: string;
            state: components["schemas"]["ChannelState"];
            state_text: string;
            volts: number | null;
            level_dbm0: number | null;
            call_id: string;
        };
        /**
         * Control
         * @description What begins and ends the recording of a channel.
         *
         *         `AUTO`: signalling on trunks, voltage where the board tells it, else voice.
         * @enum {unknown}
         */
        "appliance.settings.boards.Control": "always" | "auto" | "key" | "off" | "signalling" | "voice" | "voltage";
        /**
         * LinesChange
         * @description Parameters by name for all these channels; first, with `presets`, everything but name and extension goes back to the presets.
         */
        LinesChange: {
            numbers: number[];
            /** @default {} */
            parameters?: Record<string, never>;
            /** @default false */
            presets?: boolean;
        };
        /**
         * LinesChanged
         * @description How many channels have other parameters now.
         */
        LinesChanged: {
            changed: number;
        };
        /**
         * LineDetail
         * @description One channel in full; `parameters` as the settings have them, `is_preset` when it differs from no preset.
         */
        LineDetail: {
            channel: components["schemas"]["LineView"];
            parameters: Record<string, never>;
            is_preset: boolean;
            history: components["schemas"]["LineHistoryView"];
        };
        /**
         * LineHistoryView
         * @description The last ten minutes, one column a figure, each as long as `at`; null where nothing is known.
         */
        LineHistoryView: {
            at: string[];
            volts: (number | null)[];
            level_dbm0: (number | null)[];
        };
        /**
         * CorrectionsAnswer
         * @description The trunks, the present plan, and the order that is carried out or was last.
         */
        CorrectionsAnswer: {
            trunks: components["schemas"]["KeptTrunk"][];
            plan: components["schemas"]["CorrectionPlan"] | null;
            ordered: components["schemas"]["CorrectionOrder"] | null;
        };
        /**
         * KeptTrunk
         * @description A trunk of the settings; `since` is when its oldest kept signalling was heard, null when nothing is kept.
         */
        KeptTrunk: {
            name: string;
            since: string | null;
        };
        /**
         * CorrectionPlan
         * @description A plan. `calls` are those the signalling knows of, `changes` those that would be corrected, `left` those that stay as they are.
         */
        CorrectionPlan: {
            id: string;
            state: components["schemas"]["PlanState"];
            trunk: string;
            since: string;
            until: string;
            by: string;
            percent: number;
            calls: number;
            changes: number;
            left: number;
            problem: string;
        };
        /**
         * PlanState
         * @description Where a plan stands.
         * @enum {unknown}
         */
        PlanState: "failed" | "reading" | "ready";
        /**
         * CorrectionOrder
         * @description What was ordered and how far it came; `corrected` are those of the `done` that were still there. Carried out while `ended_at` is null.
         */
        CorrectionOrder: {
            by: string;
            at: string;
            trunk: string;
            since: string;
            until: string;
            total: number;
            done: number;
            corrected: number;
            ended_at: string | null;
        };
        /**
         * CorrectionWanted
         * @description Calls of a trunk that began in a time.
         */
        CorrectionWanted: {
            trunk: string;
            since: string;
            until: string;
        };
        /**
         * CorrectionRowsQuery
         * @description A page of the preview, from 1.
         */
        CorrectionRowsQuery: {
            /** @default 1 */
            page?: number;
        };
        /**
         * CorrectionRows
         * @description Calls before and after, the newest first.
         */
        CorrectionRows: {
            rows: components["schemas"]["CorrectionRow"][];
            total: number;
            page: number;
            page_size: number;
        };
        /**
         * CorrectionRow
         * @description A past call before and after; `is_left`: it stays as it is, for its caller is on the other track.
         */
        CorrectionRow: {
            call_id: string;
            at: string;
            channel: number;
            before: components["schemas"]["Known"];
            after: components["schemas"]["Known"];
            is_left: boolean;
        };
        /**
         * Known
         * @description What the ledger knows of a call, as far as signalling can correct it; `steps` counts the messages of its ladder.
         */
        Known: {
            caller: string;
            callee: string;
            caller_name: string;
            ringing_at: string | null;
            answered_at: string | null;
            ended_by: components["schemas"]["Side"] | null;
            steps: number;
        };
        /**
         * CorrectionAgreed
         * @description The plan that was looked at.
         */
        CorrectionAgreed: {
            id: string;
        };
        /**
         * DoctorView
         * @description One channel as the line doctor knows it; null and empty where there is not enough to go by. Units: V, dBm0.
         */
        DoctorView: {
            idle_v: number | null;
            in_use_v: number | null;
            noise_dbm0: number | null;
            speech_dbm0: number | null;
            worries: components["schemas"]["WorryView"][];
            advice: components["schemas"]["AdviceView"][];
            volts: components["schemas"]["HistogramView"];
            levels: components["schemas"]["HistogramView"];
        };
        /**
         * WorryView
         * @description Something that does not fit, in a word for machines and in a sentence.
         */
        WorryView: {
            code: components["schemas"]["Worry"];
            text: string;
        };
        /**
         * Worry
         * @description Why a line's settings do not fit what is observed on it.
         * @enum {unknown}
         */
        Worry: "idle_too_low" | "in_use_too_high" | "noise_is_voice" | "pauses_end_calls" | "speech_is_missed";
        /**
         * AdviceView
         * @description A better value for a parameter: what it is now, what it had better be, how sure that is (0 to 1).
         */
        AdviceView: {
            parameter: string;
            now: number;
            value: number;
            confidence: number;
        };
        /**
         * HistogramView
         * @description How often each value was seen; the first bin stands for `first`, each further one for one more.
         */
        HistogramView: {
            first: number;
            counts: number[];
        };
        /**
         * NetworkAnswer
         * @description Saved settings with their revision, the ports, what is tried; `asked_from` is the asker's own address.
         */
        NetworkAnswer: {
            revision: number;
            network: components["schemas"]["Network"];
            ports: components["schemas"]["NetworkPortView"][];
            name_servers: string[];
            trial: components["schemas"]["TrialView"] | null;
            asked_from: string;
        };
        /**
         * Network
         * @description The box in the network. A port that is not listed: the first one manages, all others mirror.
         */
        Network: {
            /** @default tapeline */
            host_name?: string;
            /** @default [] */
            ports?: components["schemas"]["Port"][];
            /** @default [] */
            bonds?: components["schemas"]["Bond"][];
            /** @default [] */
            dns?: string[];
            /** @default [] */
            web_from?: string[];
            /** @default [] */
            ssh_from?: string[];
            /** @default [] */
            snmp_from?: string[];
        };
        /**
         * Port
         * @description One network port, by the name that the system gives it.
         */
        Port: {
            name: string;
            /** @default management */
            role?: components["schemas"]["PortRole"];
            addressing?: components["schemas"]["Automatic"] | components["schemas"]["Fixed"];
            /** @default 0 */
            vlan?: number;
            /** @default [] */
            routes?: components["schemas"]["Route"][];
        };
        /**
         * PortRole
         * @description What a network port is for.
         * @enum {unknown}
         */
        PortRole: "both" | "management" | "mirror" | "off";
        /**
         * Automatic
         * @description Addresses by DHCP and router advertisements.
         */
        Automatic: {
            /** @enum {unknown} */
            kind: "automatic";
        };
        /**
         * Fixed
         * @description Addresses that are written down.
         */
        Fixed: {
            /** @enum {unknown} */
            kind: "fixed";
            addresses?: string[];
            /** @default [] */
            gateways?: string[];
            /** @default false */
            ipv6_automatic?: boolean;
        };
        /**
         * Route
         * @description A way to a further network.
         */
        Route: {
            to: string;
            via: string;
        };
        /**
         * Bond
         * @description Several ports joined into one, which then stands among the ports under its own name.
         */
        Bond: {
            name: string;
            members: string[];
            /** @default active-backup */
            bonding?: components["schemas"]["Bonding"];
        };
        /**
         * Bonding
         * @description How ports that are joined share the work.
         * @enum {unknown}
         */
        Bonding: "802.3ad" | "active-backup";
        /**
         * NetworkPortView
         * @description One port: what it shall be (`role`, by the saved settings), and how it is. Counters since the machine started.
         *
         *         `is_present` is false for a port that the settings name and the machine lacks; `speed_mbit` is null when not told.
         */
        NetworkPortView: {
            name: string;
            role: components["schemas"]["PortRole"];
            role_text: string;
            is_present: boolean;
            is_listed: boolean;
            managing: string;
            /** @default  */
            mac?: string;
            /** @default false */
            link_up?: boolean;
            /** @default null */
            speed_mbit?: number | null;
            /** @default  */
            duplex?: string;
            /** @default 0 */
            mtu?: number;
            /** @default [] */
            addresses?: components["schemas"]["AddressView"][];
            /** @default [] */
            gateways?: string[];
            /** @default 0 */
            received_bytes?: number;
            /** @default 0 */
            sent_bytes?: number;
            /** @default 0 */
            errors?: number;
            /** @default 0 */
            dropped?: number;
        };
        /**
         * AddressView
         * @description One address of a port; `mask` is "" for IPv6.
         */
        AddressView: {
            address: string;
            prefix: number;
            mask: string;
        };
        /**
         * TrialView
         * @description Settings that are tried: who began, how long until they are gone.
         */
        TrialView: {
            by: string;
            left_s: number;
            network: components["schemas"]["Network"];
        };
        /**
         * NetworkWish
         * @description Network settings to be tried, upon the revision they were made from.
         */
        NetworkWish: {
            revision: number;
            network: Record<string, never>;
        };
        /**
         * TimeAnswer
         * @description Settings, the box's own time, the zones there are; `clock` is the time keeper's word, null while it says nothing.
         */
        TimeAnswer: {
            revision: number;
            time: components["schemas"]["Time"];
            now: string;
            utc_offset_min: number;
            zones: string[];
            clock: components["schemas"]["TimeState"] | null;
            calls: number;
        };
        /**
         * Time
         * @description The clock that every recording's time comes from.
         */
        Time: {
            /** @default true */
            enabled?: boolean;
            servers?: string[];
            /** @default 60 */
            interval_min?: number;
            /** @default Asia/Shanghai */
            zone?: string;
        };
        /**
         * TimeState
         * @description How right the box's clock is. `failing`: server → why it gave no answer; `history`: oldest first.
         */
        TimeState: {
            at: string;
            synchronised: boolean;
            /** @default  */
            server?: string;
            /** @default 0 */
            offset_s?: number;
            /** @default 0 */
            doubt_s?: number;
            /** @default  */
            problem?: string;
            /** @default {} */
            failing?: {
                [key: string]: string;
            };
            /** @default [] */
            history?: components["schemas"]["TimeSample"][];
        };
        /**
         * TimeSample
         * @description One look at the time servers: how far we were off (to be added to our clock) and what was done about it.
         */
        TimeSample: {
            at: string;
            server: string;
            offset_s: number;
            doubt_s: number;
            act: components["schemas"]["Act"];
        };
        /**
         * Act
         * @description What is done about a difference.
         * @enum {unknown}
         */
        Act: "leave" | "slew" | "step" | "wait";
        /**
         * TimeChange
         * @description Time settings as they shall be, upon the revision they were made from.
         */
        TimeChange: {
            revision: number;
            time: Record<string, never>;
        };
        /**
         * FirstStepsState
         * @description `is_open`: administrators who sign in are led on; `seen` were agreed to, `later` were put off.
         *
         *         `ended_at` is null until somebody has come to the end; before the set-up nothing is open and nothing has ended.
         */
        FirstStepsState: {
            is_open: boolean;
            step: components["schemas"]["FirstStep"];
            seen: components["schemas"]["FirstStep"][];
            later: components["schemas"]["FirstStep"][];
            ended_at: string | null;
        };
        /**
         * FirstStep
         * @description The first steps in their order.
         * @enum {unknown}
         */
        FirstStep: "call" | "language" | "mirror" | "network" | "password" | "time";
        /**
         * FirstStepsChange
         * @description Where somebody stands now; `is_open` false ends the steps, true opens them again.
         */
        FirstStepsChange: {
            is_open: boolean;
            step: components["schemas"]["FirstStep"];
            seen: components["schemas"]["FirstStep"][];
            later: components["schemas"]["FirstStep"][];
        };
        /**
         * LicencesAnswer
         * @description `is_limited` is false in a build without a vendor's key, which records without limit.
         */
        LicencesAnswer: {
            is_limited: boolean;
            device: string;
            problem: string;
            files: components["schemas"]["LicenceFile"][];
            channels: components["schemas"]["LicensedChannels"][];
        };
        /**
         * LicenceFile
         * @description One licence file. What a file says is told only when the vendor's signature is right.
         */
        LicenceFile: {
            name: string;
            state: components["schemas"]["LicenceState"];
            state_text: string;
            customer: string;
            issued_on: string | null;
            expires_on: string | null;
            days_left: number | null;
            channels: {
                [key: string]: number;
            };
        };
        /**
         * LicenceState
         * @description What is to be thought of one licence file.
         * @enum {unknown}
         */
        LicenceState: "damaged" | "expired" | "foreign" | "forged" | "good";
        /**
         * LicensedChannels
         * @description What all files together allow of one technology; `limit` is null without a limit.
         */
        LicensedChannels: {
            technology: components["schemas"]["DataType"];
            text: string;
            limit: number | null;
        };
        /**
         * LicenceBrought
         * @description A licence file, base64.
         */
        LicenceBrought: {
            content: string;
        };
        /**
         * WebAccessAnswer
         * @description `is_encrypted`: this very connection; `certificate` is null where the panel is served in clear.
         */
        WebAccessAnswer: {
            is_encrypted: boolean;
            host: string;
            certificate: components["schemas"]["CertificateView"] | null;
            request: components["schemas"]["RequestView"] | null;
        };
        /**
         * CertificateView
         * @description A certificate; `is_own` when it signs itself, `chain` are the subjects of those above it.
         */
        CertificateView: {
            subject: string;
            issuer: string;
            is_own: boolean;
            names: string[];
            begins_at: string;
            ends_at: string;
            days_left: number;
            fingerprint: string;
            serial: string;
            key: string;
            chain: string[];
        };
        /**
         * RequestView
         * @description A request that waits for its answer.
         */
        RequestView: {
            subject: string;
            names: string[];
        };
        /**
         * RequestWish
         * @description What the certificate shall be for: names of hosts or addresses, the main one first.
         */
        RequestWish: {
            names: string[];
            /** @default  */
            organisation?: string;
        };
        /**
         * CertificateWish
         * @description A certificate with its chain, PEM; the key unless it belongs to the box's request or present key.
         */
        CertificateWish: {
            certificate: string;
            /** @default  */
            key?: string;
            /** @default  */
            passphrase?: string;
        };
        /**
         * ClockWish
         * @description `set` wants `at`, the right time at the moment of sending. `with_calls`: although calls run.
         */
        ClockWish: {
            deed: components["schemas"]["ClockDeed"];
            /** @default null */
            at?: string | null;
            /** @default false */
            with_calls?: boolean;
        };
        /**
         * ClockDeed
         * @description What somebody may want of the clock: ask the servers now, go at once to what they say, or be set by hand.
         * @enum {unknown}
         */
        ClockDeed: "ask" | "set" | "step";
        /**
         * ProbeWish
         * @description A look: ping and trace want `host`, lookup `host`, port `host` and `port`, sample `interface`.
         */
        ProbeWish: {
            kind: components["schemas"]["ProbeKind"];
            /** @default null */
            host?: string | null;
            /** @default null */
            port?: number | null;
            /** @default 5 */
            count?: number;
            /** @default null */
            interface?: string | null;
            /** @default 1000 */
            packets?: number;
            /** @default 10 */
            seconds?: number;
        };
        /**
         * ProbeKind
         * @description What is looked at.
         * @enum {unknown}
         */
        ProbeKind: "lookup" | "ping" | "port" | "sample" | "trace";
        /**
         * ProbeView
         * @description How far a look is; `error` says why it could not be done, `size_bytes` how much of a sample there is.
         */
        ProbeView: {
            id: string;
            kind: components["schemas"]["ProbeKind"];
            target: string;
            state: components["schemas"]["ProbeState"];
            output: string;
            size_bytes: number;
            error: string;
        };
        /**
         * ProbeState
         * @description Where a look stands.
         * @enum {unknown}
         */
        ProbeState: "done" | "ended" | "failed" | "running";
        /**
         * UpdateAnswer
         * @description Everything about updates; `is_box` is false on a machine that has no slots.
         *
         *         `bundle`: verified and not installed yet. `waiting`: installed and not started yet. `progress`: being installed.
         *         `problem`: why the last update could not be brought or installed. `sticks`: USB sticks that are plugged in
         */
        UpdateAnswer: {
            is_box: boolean;
            version: string;
            build: string;
            running: string;
            slots: components["schemas"]["SlotView"][];
            brought: components["schemas"]["BroughtView"] | null;
            bundle: components["schemas"]["Bundle"] | null;
            progress: components["schemas"]["Progress"] | null;
            waiting: components["schemas"]["Bundle"] | null;
            plan: components["schemas"]["Plan"] | null;
            trial: components["schemas"]["appliance.domain.update.Trial"] | null;
            problem: string;
            sticks: components["schemas"]["StickView"][];
            history: components["schemas"]["UpdateEventView"][];
        };
        /**
         * SlotView
         * @description One of the two places for a system; `version` is "" for what was delivered and never ran.
         */
        SlotView: {
            name: string;
            is_running: boolean;
            state: components["schemas"]["SlotState"];
            version: string;
            build: string;
            installed_at: string;
        };
        /**
         * SlotState
         * @description What is known of a slot: `good` has proved itself, `bad` is not started any more.
         * @enum {unknown}
         */
        SlotState: "bad" | "good";
        /**
         * BroughtView
         * @description An update on its way to the box; `total` is 0 where nobody says how much is to come.
         */
        BroughtView: {
            received: number;
            total: number;
            is_fetching: boolean;
        };
        /**
         * Bundle
         * @description A signed update that was verified.
         */
        Bundle: {
            version: string;
            build: string;
            size_bytes: number;
        };
        /**
         * Progress
         * @description An installation under way.
         */
        Progress: {
            percent: number;
            step: string;
            since: string;
        };
        /**
         * Plan
         * @description When the other system is to be started, and who wants it.
         */
        Plan: {
            at: string;
            by: string;
        };
        /**
         * Trial
         * @description The next start is to be of `slot`; `origin` is where to return to.
         */
        "appliance.domain.update.Trial": {
            slot: string;
            version: string;
            origin: string;
            since: string;
            /** @default  */
            by?: string;
        };
        /**
         * StickView
         * @description A USB stick that is plugged in; `name` is the kernel's, `is_open` while somebody reads or writes there.
         */
        StickView: {
            name: string;
            label: string;
            model: string;
            kind: string;
            size_bytes: number;
            is_open: boolean;
        };
        /**
         * UpdateEventView
         * @description An entry of the history; `detail` is the cause in a program's own words.
         */
        UpdateEventView: {
            at: string;
            what: components["schemas"]["What"];
            version: string;
            slot: string;
            by: string;
            detail: string;
        };
        /**
         * What
         * @description An entry of the history.
         * @enum {unknown}
         */
        What: "committed" | "installed" | "not_installed" | "reset" | "returned" | "started";
        /**
         * PieceBody
         * @description The next piece of an upload, base64; the one at 0 begins anew.
         */
        PieceBody: {
            offset: number;
            total: number;
            content: string;
        };
        /**
         * PieceAnswer
         * @description How much is there now; 0 once it is whole and verified.
         */
        PieceAnswer: {
            received: number;
        };
        /**
         * FetchBody
         * @description An address to read the update from.
         */
        FetchBody: {
            url: string;
        };
        /**
         * StickBody
         * @description A stick by its name.
         */
        StickBody: {
            name: string;
        };
        /**
         * StickAnswer
         * @description The updates on a stick, the newest names first.
         */
        StickAnswer: {
            files: components["schemas"]["StickFile"][];
        };
        /**
         * StickFile
         * @description An update on a stick, by its path there.
         */
        StickFile: {
            file: string;
            bytes: number;
        };
        /**
         * StickFileBody
         * @description Which update to copy: its path as it was listed.
         */
        StickFileBody: {
            name: string;
            file: string;
        };
        /**
         * StartBody
         * @description When to start the other system; null = now.
         */
        StartBody: {
            /** @default null */
            at?: string | null;
        };
        /**
         * ResetBody
         * @description What stays, and one's own password once more.
         */
        ResetBody: {
            keep_recordings: boolean;
            password: string;
        };
        /**
         * SystemAnswer
         * @description Everything on the page about the system.
         */
        SystemAnswer: {
            nics: components["schemas"]["NicView"][];
            name_servers: string[];
            system: components["schemas"]["SystemView"];
            licences: components["schemas"]["LicenceView"][];
            disks: components["schemas"]["DiskView"][];
            temperatures: components["schemas"]["TemperatureView"][];
            programs: components["schemas"]["ProgramReport"][];
        };
        /**
         * NicView
         * @description One network port; counters since the machine started. `speed_mbit` is null when it is not told.
         */
        NicView: {
            name: string;
            role: components["schemas"]["PortRole"];
            role_text: string;
            mac: string;
            is_physical: boolean;
            link_up: boolean;
            speed_mbit: number | null;
            duplex: string;
            mtu: number;
            addresses: components["schemas"]["AddressView"][];
            gateways: string[];
            received_bytes: number;
            sent_bytes: number;
            errors: number;
            dropped: number;
        };
        /**
         * SystemView
         * @description The box as a whole; `build` is "" when it runs from sources. `load`: running programs on average over a minute.
         */
        SystemView: {
            host: string;
            version: string;
            device: string;
            build: string;
            base: string;
            kernel: string;
            processors: number;
            load: number;
            memory_bytes: number;
            memory_free_bytes: number;
            now: string;
            started_at: string;
            uptime_s: number;
            zone: string;
            clock: components["schemas"]["ClockView"];
            channels: components["schemas"]["TechnologyView"][];
        };
        /**
         * ClockView
         * @description How right the clock is; `state`: right, wrong, or unknown where no program looks after it. Units: seconds.
         */
        ClockView: {
            state: string;
            server: string;
            offset_s: number;
            doubt_s: number;
            problem: string;
            at: string | null;
        };
        /**
         * TechnologyView
         * @description Channels of one technology: `channels` as many as are bound or as its boards have, `in_use` right now.
         */
        TechnologyView: {
            technology: components["schemas"]["DataType"];
            channels: number;
            in_use: number;
        };
        /**
         * LicenceView
         * @description What may be recorded at once by one technology; `limit` null is no limit. `state`: unlimited, limited, no_channels.
         */
        LicenceView: {
            technology: components["schemas"]["DataType"];
            limit: number | null;
            in_use: number;
            state: string;
            state_text: string;
        };
        /**
         * DiskView
         * @description A file system and what lies on it; `uses` are words.
         */
        DiskView: {
            path: string;
            device: string;
            kind: string;
            total_bytes: number;
            free_bytes: number;
            is_read_only: boolean;
            uses: string[];
        };
        /**
         * TemperatureView
         * @description One thermometer of the machine; `state`: good, hot (from `high_celsius` on), too_hot (from `critical_celsius` on).
         */
        TemperatureView: {
            name: string;
            celsius: number;
            high_celsius: number;
            critical_celsius: number;
            state: string;
        };
        /**
         * ProgramReport
         * @description One program: `state` running, stopped, or silent when it runs but says nothing.
         *
         *         `cpu_percent` is of one processor, null at the first look; `restarts` counts from `restarts_since`.
         */
        ProgramReport: {
            name: string;
            text: string;
            state: string;
            status: string;
            started_at: string | null;
            process_id: number | null;
            cpu_percent: number | null;
            memory_bytes: number | null;
            threads: number | null;
            restarts: number;
            restarts_since: string;
            last_error: components["schemas"]["LogLine"] | null;
        };
        /**
         * LogLine
         * @description One line; `at` is a moment or a time of day, `level` error, warning or info.
         */
        LogLine: {
            at: string;
            level: string;
            text: string;
        };
        /**
         * ProveBody
         * @description One's own password: nothing is recorded meanwhile.
         */
        ProveBody: {
            password: string;
        };
        /**
         * LogQuery
         * @description How many lines at most.
         */
        LogQuery: {
            /** @default 200 */
            lines?: number;
        };
        /**
         * LogAnswer
         * @description What a program has said last, oldest first; `source` journal, file, or "" when no log can be read here.
         */
        LogAnswer: {
            source: string;
            lines: components["schemas"]["LogLine"][];
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
            range?: ("last_month" | "last_week" | "month" | "today" | "week" | "year" | "yesterday") | null;
            /** @default UTC */
            tz?: string;
            /** @default  */
            extension?: string;
            /** @default  */
            name?: string;
            /** @default  */
            company?: string;
            /** @default null */
            department?: number | null;
            /** @default null */
            data_type?: components["schemas"]["DataType"] | null;
            /** @default null */
            call_type?: components["schemas"]["CallType"] | null;
            /** @default null */
            conference?: ("no" | "yes") | null;
            /** @default null */
            encrypted?: ("no" | "yes") | null;
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
            /** @default  */
            trunk?: string;
            /** @default  */
            tag?: string;
            /** @default  */
            note?: string;
            /** @default null */
            reviewed?: ("no" | "yes") | null;
            /** @default  */
            without_number?: string;
            /** @default null */
            without_mark?: components["schemas"]["Mark"] | null;
            /** @default null */
            without_reason?: components["schemas"]["Reason"] | null;
            /** @default  */
            without_tag?: string;
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
            sort?: components["schemas"]["appliance.store.wanted.Sort"];
            /** @default 1 */
            page?: number;
            /** @default 25 */
            page_size?: number;
            /** @default  */
            cursor?: string;
        };
        /**
         * Match
         * @description How a number is compared; a pattern has `*` for anything and `?` for one sign.
         * @enum {unknown}
         */
        Match: "contains" | "exact" | "pattern" | "prefix" | "suffix";
        /**
         * CallType
         * @description What a call was for the firm; a missed one came in and nobody answered, an automatic one had no signalling.
         * @enum {unknown}
         */
        CallType: "automatic" | "incoming" | "internal" | "missed" | "outgoing";
        /**
         * Mark
         * @description What is special about a call or its recording; never a reason for having none.
         * @enum {unknown}
         */
        Mark: "board_gone" | "capture_loss" | "clock_jump" | "codec_changed" | "decrypted" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "kept" | "loss" | "no_bye" | "on_demand" | "one_way" | "over_licence" | "part_undecoded" | "paused" | "redirected" | "self_test" | "snapped" | "ssrc_changed" | "stopped" | "trunk_alarm";
        /**
         * Verdict
         * @description Where packets were lost that the copy lacks.
         * @enum {unknown}
         */
        "appliance.domain.quality.Verdict": "both" | "clean" | "copy" | "network" | "unknown";
        /**
         * Sort
         * @description Order of the list; ties in the order they were indexed. By quality stand only calls that have one.
         *
         *         By number only short lists can be put in order: `TooManyToSort` says so of longer ones.
         * @enum {unknown}
         */
        "appliance.store.wanted.Sort": "-callee" | "-caller" | "-duration" | "-mos" | "-started_at" | "callee" | "caller" | "duration" | "mos" | "started_at";
        /**
         * CallsPage
         * @description One page of the list; `total` counts all calls that match, or estimates them where `is_exact` is false.
         *
         *         `next` and `previous`: what to give as `cursor` for the pages beside this one, "" at the ends.
         */
        CallsPage: {
            total: number;
            is_exact: boolean;
            page: number;
            page_size: number;
            next: string;
            previous: string;
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
            data_type: components["schemas"]["DataType"];
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
         * @description One party as the list shows it: `display` is what signalling called it, the rest what the directory says today.
         */
        Name: {
            number: string;
            display: string;
            /** @default  */
            name?: string;
            /** @default  */
            company?: string;
            /** @default  */
            department?: string;
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
         * LineQuery
         * @description A line, and whose clock its times are told by.
         */
        LineQuery: {
            /** @default  */
            line?: string;
            /** @default UTC */
            tz?: string;
        };
        /**
         * LineRead
         * @description The filters of the list, named as its parameters are, and what could not be understood.
         */
        LineRead: {
            filters: {
                [key: string]: string | number;
            };
            problems: components["schemas"]["ProblemView"][];
        };
        /**
         * ProblemView
         * @description Signs `begin` up to `end` of the line were not understood.
         */
        ProblemView: {
            begin: number;
            end: number;
            text: string;
        };
        /**
         * FiltersGiven
         * @description Filters as the list's parameters name them.
         */
        FiltersGiven: {
            filters: {
                [key: string]: string | number;
            };
        };
        /**
         * LineWritten
         * @description The line in the reader's language.
         */
        LineWritten: {
            line: string;
        };
        /**
         * StatementsAnswer
         * @description The newest statements first, all of them proved; `is_asked` while one that was asked for is not made yet.
         */
        StatementsAnswer: {
            total: number;
            intact: boolean;
            is_asked: boolean;
            has_key: boolean;
            statements: components["schemas"]["StatementView"][];
        };
        /**
         * StatementView
         * @description One statement; of one that cannot be read only `number` and the flaw are known.
         *
         *         `flaw`: empty for one that is as it was made, else its word; `flaw_text` in words
         */
        StatementView: {
            number: number;
            occasion: components["schemas"]["Occasion"] | null;
            made_at: string | null;
            since: string | null;
            until: string | null;
            zone: string;
            seen: number;
            recorded: number;
            without: number;
            late: number;
            reasons: components["schemas"]["ReasonCount"][];
            sentence: string;
            sha256: string;
            previous: string;
            signature: string;
            flaw: string;
            flaw_text: string;
        };
        /**
         * Occasion
         * @description Why a statement was made.
         * @enum {unknown}
         */
        Occasion: "asked" | "daily";
        /**
         * ReasonCount
         * @description So many calls have no recording for this reason.
         */
        ReasonCount: {
            reason: string;
            text: string;
            calls: number;
        };
        /**
         * FileQuery
         * @description Which of a statement's files.
         */
        FileQuery: {
            /**
             * @description which file
             * @default json
             * @enum {unknown}
             */
            form?: "json" | "sig" | "txt";
        };
        /**
         * CdrFile
         * @description An uploaded CSV or XLSX, base64.
         */
        CdrFile: {
            content: string;
        };
        /**
         * CdrPreview
         * @description The first rows, and where the columns seem to be; null where nothing tells.
         */
        CdrPreview: {
            total: number;
            columns: number;
            rows: string[][];
            headed: boolean;
            at: number | null;
            caller: number | null;
            callee: number | null;
        };
        /**
         * CdrOrder
         * @description The file again, and how to read it: the places of the columns from 0, the zone of its times.
         *
         *         Units: tolerance_s seconds
         */
        CdrOrder: {
            content: string;
            at: number;
            caller: number;
            callee: number;
            /** @default true */
            headed?: boolean;
            /** @default false */
            day_first?: boolean;
            /** @default UTC */
            tz?: string;
            /** @default 5 */
            tolerance_s?: number;
        };
        /**
         * CdrAnswer
         * @description Every entry of both sides once; those of the ledger from the first to the last time of the list.
         */
        CdrAnswer: {
            counts: {
                [key: string]: number;
            };
            since: string | null;
            until: string | null;
            rows: components["schemas"]["CdrRow"][];
        };
        /**
         * CdrOutcome
         * @description What became of one entry.
         * @enum {unknown}
         */
        CdrOutcome: "matched" | "only_listed" | "only_ours" | "unreadable";
        /**
         * CdrRow
         * @description One entry: of the list, of the ledger (`call_id`), or of both; `apart_s` is how far apart they began.
         */
        CdrRow: {
            outcome: components["schemas"]["CdrOutcome"];
            /** @default null */
            line?: number | null;
            /** @default null */
            at?: string | null;
            /** @default  */
            caller?: string;
            /** @default  */
            callee?: string;
            /** @default  */
            call_id?: string;
            /** @default false */
            recorded?: boolean;
            /** @default  */
            reason_text?: string;
            /** @default null */
            apart_s?: number | null;
        };
        /**
         * StatisticsQuery
         * @description Which table, of which days (both included) of whose calendar; `country` is that of numbers without a prefix.
         */
        StatisticsQuery: {
            subject: components["schemas"]["Subject"];
            /** Format: date */
            first: string;
            /** Format: date */
            last: string;
            /** @default UTC */
            tz?: string;
            /** @default CN */
            country?: string;
        };
        /**
         * Subject
         * @description What is told apart.
         * @enum {unknown}
         */
        Subject: "departments" | "extensions" | "faults" | "hours" | "persons" | "quality" | "regions" | "trunks";
        /**
         * StatisticsTable
         * @description Lines of cells in the order of the columns; '' where a number is not known.
         *
         *         `loads`: hours of trunks; `load_columns` are those of a table of them: trunk, hour, mean, most at once
         */
        StatisticsTable: {
            subject: components["schemas"]["Subject"];
            title: string;
            columns: components["schemas"]["StatisticsColumn"][];
            rows: (string | number)[][];
            loads: components["schemas"]["TrunkLoad"][];
            load_columns: components["schemas"]["StatisticsColumn"][];
        };
        /**
         * StatisticsColumn
         * @description One column; `charted` are those that the chart draws.
         */
        StatisticsColumn: {
            key: string;
            text: string;
            kind: components["schemas"]["CellKind"];
            /** @default false */
            charted?: boolean;
        };
        /**
         * CellKind
         * @description How a column is shown.
         * @enum {unknown}
         */
        CellKind: "count" | "erlang" | "percent" | "seconds" | "text";
        /**
         * TrunkLoad
         * @description One trunk; `channels` is null when nobody has said how many it has, `hours` are 24.
         */
        TrunkLoad: {
            trunk: string;
            channels: number | null;
            hours: components["schemas"]["HourLoad"][];
            busiest: components["schemas"]["BusyHour"];
        };
        /**
         * HourLoad
         * @description Channels in use in one hour of the clock, over all days: mean (its traffic in erlang), and most at once.
         */
        HourLoad: {
            hour: number;
            mean: number;
            peak: number;
        };
        /**
         * BusyHour
         * @description The clock hour with the most traffic.
         *
         *         Units: traffic in erlang; per cent, null where the channels are not known or would not have carried it
         */
        BusyHour: {
            at: string;
            traffic: number;
            peak: number;
            occupancy_percent: number | null;
            blocked_percent: number | null;
        };
        /**
         * CompletionQuery
         * @description A line and where the cursor stands in it.
         */
        CompletionQuery: {
            /** @default  */
            line?: string;
            /** @default 500 */
            at?: number;
        };
        /**
         * Completions
         * @description What could stand at the cursor, the likeliest first.
         */
        Completions: {
            completions: components["schemas"]["Completion"][];
        };
        /**
         * Completion
         * @description Put `insert` in the place of the signs `begin` to `end`; `label` says what it means.
         */
        Completion: {
            begin: number;
            end: number;
            insert: string;
            label: string;
        };
        /**
         * Counted
         * @description How many calls match.
         */
        Counted: {
            total: number;
        };
        /**
         * SearchList
         * @description Own searches, then those that others share.
         */
        SearchList: {
            searches: components["schemas"]["SearchView"][];
        };
        /**
         * SearchView
         * @description A kept search; only one's own can be changed.
         */
        SearchView: {
            id: number;
            name: string;
            line: string;
            shared: components["schemas"]["Shared"];
            own: boolean;
            author: string;
        };
        /**
         * Shared
         * @description With whom a search is shared; `ROLE` is everybody of the role that its owner has.
         * @enum {unknown}
         */
        Shared: "everyone" | "nobody" | "role";
        /**
         * SearchWanted
         * @description A search as it shall be kept.
         */
        SearchWanted: {
            name: string;
            line: string;
            /** @default nobody */
            shared?: components["schemas"]["Shared"];
        };
        /**
         * Tour
         * @description `step` is where it goes on, counted from 0. `begun` tells a person who has never been asked from all others.
         */
        Tour: {
            /** @default 0 */
            step?: number;
            /** @default true */
            begun?: boolean;
            /** @default false */
            done?: boolean;
        };
        /**
         * Columns
         * @description The columns of the list in their order; none: those that everybody has at first.
         */
        Columns: {
            columns: string[];
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
            data_type: components["schemas"]["DataType"];
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
         *         `lines`: of a call on a board, in place of streams; `mixed`: they are heard on one track, else each side has its own.
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
            control?: components["schemas"]["appliance.domain.control.Control"][];
            /** @default [] */
            lines?: components["schemas"]["Line"][];
            /** @default false */
            mixed?: boolean;
        };
        /**
         * Call
         * @description One leg: everything the ledger says of it apart from its media.
         *
         *         `call_id` is ours, sortable, and also the bundle's name; `sip_call_id` is the header's value.
         *         Legs of one conversation share `interaction_id`, which is the `call_id` of the first of them; `related` says
         *         how this one came to be one of them. A tie found later is known to the index only, which joins both.
         *         `ended_at` of a call whose BYE was lost is the moment of its last media. `trunk` is the name of the tapped trunk that
         *         carried it, '' for a call over IP or on a line.
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
            /** @default ip */
            data_type?: components["schemas"]["DataType"];
            /** @default  */
            trunk?: string;
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
        Ground: "blacklist" | "channel_off" | "licence" | "mode_all" | "mode_keys" | "no_room" | "not_allowed" | "not_bound" | "other_pbx" | "out_of_hours" | "rule" | "sampled_out" | "self_test";
        /**
         * Control
         * @description An order that was obeyed: when, what, by whom, and the reason given.
         *
         *         `by` is a person's name, `caller` or `callee` for a key pressed, or `time-out` for an automatic resume.
         */
        "appliance.domain.control.Control": {
            at: string;
            verb: components["schemas"]["Verb"];
            by: string;
            /** @default  */
            why?: string;
        };
        /**
         * Line
         * @description A file of a bundle: the companded samples of one channel, without any header, 8000 a second.
         *
         *         `starts_at` is the moment of the first sample. `side`: who speaks; None when both are on the line.
         *         `agc`: its level is to be evened out in the recording.
         */
        Line: {
            file: string;
            /** @enum {unknown} */
            law: "PCMA" | "PCMU";
            starts_at: string;
            channel: number;
            /** @default null */
            side?: components["schemas"]["Side"] | null;
            /** @default false */
            agc?: boolean;
            /** @default [] */
            gaps?: components["schemas"]["Gap"][];
        };
        /**
         * Gap
         * @description Samples that were lost; silence stands for them, so that a sample's place is its time.
         */
        Gap: {
            at: number;
            samples: number;
        };
        /**
         * Track
         * @description One RTP stream as it was archived, counted anew from the bundle.
         *
         *         `payload_sha256`: of the payload bytes in sequence order without duplicates, lower-case hex; of the decrypted
         *         ones when the call carries the mark `decrypted` and a key opened them.
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
         *
         *         Units: `from` and `to` are seconds of the recording; one that is left out is its beginning or end
         */
        AudioQuery: {
            /** @default false */
            download?: boolean;
            /** @default null */
            format?: ("flac" | "mp3" | "opus" | "wav_g711" | "wav_pcm") | null;
            /** @default null */
            from?: number | null;
            /** @default null */
            to?: number | null;
            /** @default null */
            tz?: string | null;
        };
        /**
         * PeaksQuery
         * @description Both times for a finer waveform of at most two minutes, with `peaks` columns; without them the whole one.
         */
        PeaksQuery: {
            /** @default null */
            from?: number | null;
            /** @default null */
            to?: number | null;
            /** @default 2000 */
            peaks?: number;
        };
        /**
         * OfCallsQuery
         * @description The calls of a page, their ids with commas between them.
         */
        OfCallsQuery: {
            ids: string;
        };
        /**
         * OfCalls
         * @description call_id -> what it has; calls with nothing are left out.
         */
        OfCalls: {
            calls: {
                [key: string]: components["schemas"]["SummaryView"];
            };
        };
        /**
         * SummaryView
         * @description What the list shows of a call; `reviewed` is the reader's own note.
         */
        SummaryView: {
            tags: string[];
            notes: number;
            held: boolean;
            reviewed: boolean;
        };
        /**
         * Reviewed
         * @description These calls are reviewed, or not (any more).
         */
        Reviewed: {
            call_ids: string[];
            /** @default true */
            reviewed?: boolean;
        };
        /**
         * Marked
         * @description How many of the calls there are for the reader, all now as it was wanted.
         */
        Marked: {
            calls: number;
        };
        /**
         * KnownQuery
         * @description Tags that begin with this.
         */
        KnownQuery: {
            /** @default  */
            begin?: string;
        };
        /**
         * KnownTags
         * @description Tags in use, the most used first.
         */
        KnownTags: {
            tags: components["schemas"]["KnownTag"][];
        };
        /**
         * KnownTag
         * @description A tag and on how many of the reader's calls it is.
         */
        KnownTag: {
            tag: string;
            calls: number;
        };
        /**
         * AnnotationsView
         * @description Everything that people have put on a call; `hold` is the one in force, `holds` are all, newest first.
         *
         *         `reviewed` is the reader's own note.
         */
        AnnotationsView: {
            tags: components["schemas"]["TagView"][];
            notes: components["schemas"]["NoteView"][];
            bookmarks: components["schemas"]["BookmarkView"][];
            hold: components["schemas"]["HoldView"] | null;
            holds: components["schemas"]["HoldView"][];
            deletion: components["schemas"]["DeletionView"] | null;
            reviewed: boolean;
        };
        /**
         * TagView
         * @description A word on a call.
         */
        TagView: {
            tag: string;
            author: string;
            at: string;
        };
        /**
         * NoteView
         * @description A note; `is_own`: the reader may change it. Units: seconds of the recording, null for the whole call.
         */
        NoteView: {
            id: number;
            author: string;
            at: string;
            edited_at: string | null;
            position_s: number | null;
            text: string;
            is_own: boolean;
        };
        /**
         * BookmarkView
         * @description A place in the recording.
         */
        BookmarkView: {
            id: number;
            author: string;
            at: string;
            position_s: number;
            label: string;
            is_own: boolean;
        };
        /**
         * HoldView
         * @description A legal hold, in force until it is lifted.
         */
        HoldView: {
            reason: string;
            author: string;
            at: string;
            lifted_by: string | null;
            lifted_at: string | null;
        };
        /**
         * DeletionView
         * @description Somebody asked for the recording to be deleted; `is_done` says whether it is gone.
         *
         *         `waits_for`: the storage path that is not there and has to come back first, else "".
         */
        DeletionView: {
            reason: string;
            author: string;
            asked_at: string;
            is_done: boolean;
            waits_for: string;
        };
        /**
         * NewTag
         * @description A word of at most 64 characters; blanks around it and letter case do not count.
         */
        NewTag: {
            tag: string;
        };
        /**
         * TagQuery
         * @description Which tag.
         */
        TagQuery: {
            tag: string;
        };
        /**
         * NewNote
         * @description A note on the call, or on a place of its recording.
         */
        NewNote: {
            text: string;
            /** @default null */
            position_s?: number | null;
        };
        /**
         * ChangedNote
         * @description The new words.
         */
        ChangedNote: {
            text: string;
        };
        /**
         * NewBookmark
         * @description A place in the recording.
         */
        NewBookmark: {
            position_s: number;
            /** @default  */
            label?: string;
        };
        /**
         * HoldWish
         * @description Why the call must be kept.
         */
        HoldWish: {
            reason: string;
        };
        /**
         * DeletionWish
         * @description Why the recording is to be deleted; the second step carries the `confirmation` of the first.
         */
        DeletionWish: {
            reason: string;
            /** @default  */
            confirmation?: string;
        };
        /**
         * DeletionStep
         * @description The first step answers with a `confirmation`, the second with `asked`: the archiver deletes within seconds.
         */
        DeletionStep: {
            confirmation: string;
            asked: boolean;
            file: string;
            bytes: number;
            length_s: number;
        };
        /**
         * FileEvidence
         * @description The file as it is now against what the record says of it. `signature`: "" as long as records are not signed.
         */
        FileEvidence: {
            algorithm: string;
            expected: string;
            found: string;
            matches: boolean;
            file: string;
            bytes: number;
            found_bytes: number;
            archived_at: string | null;
            checked_at: string;
            signature: string;
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
         *
         *         Whoever sees numbers in part only gets no texts: a message names them in too many places to hide them all.
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
         * Shares
         * @description Links, the newest first.
         */
        Shares: {
            shares: components["schemas"]["ShareView"][];
        };
        /**
         * ShareView
         * @description A link. `state`: alive, expired, revoked; `path` only in the answer that makes it, it is kept nowhere.
         */
        ShareView: {
            id: number;
            call_id: string;
            author: string;
            at: string;
            expires_at: string;
            has_password: boolean;
            from_s: number | null;
            to_s: number | null;
            note: string;
            opens: number;
            opened_at: string | null;
            state: string;
            path: string;
        };
        /**
         * NewShare
         * @description For how many hours; a password where one is wanted; the seconds of the recording, all when left out.
         */
        NewShare: {
            /** @default 24 */
            hours?: number;
            /** @default  */
            password?: string;
            /** @default null */
            from_s?: number | null;
            /** @default null */
            to_s?: number | null;
            /** @default  */
            note?: string;
        };
        /**
         * ExportList
         * @description One's own exports, the newest first.
         */
        ExportList: {
            exports: components["schemas"]["ExportView"][];
        };
        /**
         * ExportView
         * @description How an export stands.
         *
         *         `size_bytes` is that of what is ready, before that of what there is so far (0: unknown); `sent_bytes` is how far its
         *         download came, `left_s` how long preparing it or downloading it may still take, null while nothing tells.
         *         `needs_password`: the password went with the panel's memory, to make it again asks for one.
         */
        ExportView: {
            id: string;
            kind: components["schemas"]["webadmin.export_order.Kind"];
            state: components["schemas"]["State"];
            name: string;
            begun_at: string;
            done: number;
            total: number;
            calls: number;
            missing: number;
            size_bytes: number;
            sent_bytes: number;
            left_s: number | null;
            encrypted: boolean;
            needs_password: boolean;
            problem: string;
        };
        /**
         * Kind
         * @description What comes out.
         * @enum {unknown}
         */
        "webadmin.export_order.Kind": "csv" | "xlsx" | "zip";
        /**
         * State
         * @description Where an export stands.
         * @enum {unknown}
         */
        State: "failed" | "preparing" | "ready";
        /**
         * RecordingsOrder
         * @description Ticked calls, or all of a query when none are named; `format` converts, `password` encrypts (AES-256).
         */
        RecordingsOrder: {
            /** @default null */
            call_ids?: string[] | null;
            /**
             * @default {
             *       "from": null,
             *       "to": null,
             *       "number": "",
             *       "caller": "",
             *       "callee": "",
             *       "match": "contains",
             *       "range": null,
             *       "tz": "UTC",
             *       "extension": "",
             *       "name": "",
             *       "company": "",
             *       "department": null,
             *       "data_type": null,
             *       "call_type": null,
             *       "conference": null,
             *       "encrypted": null,
             *       "direction": null,
             *       "recorded": null,
             *       "reason": null,
             *       "mark": null,
             *       "codec": "",
             *       "trunk": "",
             *       "tag": "",
             *       "note": "",
             *       "reviewed": null,
             *       "without_number": "",
             *       "without_mark": null,
             *       "without_reason": null,
             *       "without_tag": "",
             *       "min_s": null,
             *       "max_s": null,
             *       "max_mos": null,
             *       "verdict": null,
             *       "interaction_id": "",
             *       "sort": "-started_at",
             *       "page": 1,
             *       "page_size": 25,
             *       "cursor": ""
             *     }
             */
            query?: components["schemas"]["CallsQuery"];
            /** @default null */
            format?: ("flac" | "mp3" | "opus" | "wav_g711" | "wav_pcm") | null;
            /** @default  */
            password?: string;
            /** @default UTC */
            tz?: string;
        };
        /**
         * TableOrder
         * @description Ticked calls, or all of a query when none are named; `columns` in their order, the usual ones when empty.
         */
        TableOrder: {
            /**
             * @default xlsx
             * @enum {unknown}
             */
            kind?: "csv" | "xlsx";
            /** @default null */
            call_ids?: string[] | null;
            /**
             * @default {
             *       "from": null,
             *       "to": null,
             *       "number": "",
             *       "caller": "",
             *       "callee": "",
             *       "match": "contains",
             *       "range": null,
             *       "tz": "UTC",
             *       "extension": "",
             *       "name": "",
             *       "company": "",
             *       "department": null,
             *       "data_type": null,
             *       "call_type": null,
             *       "conference": null,
             *       "encrypted": null,
             *       "direction": null,
             *       "recorded": null,
             *       "reason": null,
             *       "mark": null,
             *       "codec": "",
             *       "trunk": "",
             *       "tag": "",
             *       "note": "",
             *       "reviewed": null,
             *       "without_number": "",
             *       "without_mark": null,
             *       "without_reason": null,
             *       "without_tag": "",
             *       "min_s": null,
             *       "max_s": null,
             *       "max_mos": null,
             *       "verdict": null,
             *       "interaction_id": "",
             *       "sort": "-started_at",
             *       "page": 1,
             *       "page_size": 25,
             *       "cursor": ""
             *     }
             */
            query?: components["schemas"]["CallsQuery"];
            /** @default [] */
            columns?: string[];
            /** @default UTC */
            tz?: string;
        };
        /**
         * RepeatOrder
         * @description `password` encrypts the archive; without one it is that of before, as long as the panel's memory has it.
         */
        RepeatOrder: {
            /** @default  */
            password?: string;
        };
        /**
         * LinkQuery
         * @description The last part of the link's address.
         */
        LinkQuery: {
            link: string;
        };
        /**
         * LinkState
         * @description What is told before a link is opened.
         */
        LinkState: {
            needs_password: boolean;
            expires_at: string;
        };
        /**
         * LinkOpening
         * @description The last part of the link's address, and its password where it has one.
         */
        LinkOpening: {
            link: string;
            /** @default  */
            password?: string;
        };
        /**
         * SharedRecording
         * @description What a link shows. Units: `from_s` and `length_s` are seconds; the audio begins at `from_s` of the recording.
         */
        SharedRecording: {
            ticket: string;
            caller: components["schemas"]["Name"];
            callee: components["schemas"]["Name"];
            started_at: string;
            direction: string;
            from_s: number;
            length_s: number;
            expires_at: string;
            author: string;
            note: string;
        };
        /**
         * TicketQuery
         * @description What opening the link answered.
         */
        TicketQuery: {
            ticket: string;
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
            data_type: components["schemas"]["DataType"];
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
         * AlarmsQuery
         * @description What to look for; `before` is the id of the last alarm of the page before. Times are those of raising.
         */
        AlarmsQuery: {
            /** @default null */
            state?: ("acknowledged" | "active" | "cleared") | null;
            /** @default null */
            from?: string | null;
            /** @default null */
            to?: string | null;
            /** @default  */
            kind?: string;
            /** @default null */
            severity?: components["schemas"]["Severity"] | null;
            /** @default null */
            before?: number | null;
            /** @default 50 */
            page_size?: number;
        };
        /**
         * Severity
         * @description How soon somebody has to look.
         * @enum {unknown}
         */
        Severity: "critical" | "warning";
        /**
         * AlarmsPage
         * @description Alarms, newest first; `next` goes into `before` for older ones.
         */
        AlarmsPage: {
            alarms: components["schemas"]["AlarmView"][];
            next: number | null;
            counts: components["schemas"]["AlarmCounts"];
            kinds: components["schemas"]["AlarmKind"][];
        };
        /**
         * AlarmView
         * @description An alarm; `seen_at` is when it was last found so, `snoozed_until` null once that is past.
         */
        AlarmView: {
            id: number;
            code: string;
            subject: string;
            severity: string;
            title: string;
            remedy: string;
            facts: {
                [key: string]: number | string;
            };
            /** @enum {unknown} */
            state: "acknowledged" | "active" | "cleared";
            raised_at: string;
            seen_at: string;
            cleared_at: string | null;
            occurrences: number;
            acknowledged_by: string;
            acknowledged_at: string | null;
            note: string;
            snoozed_by: string;
            snoozed_until: string | null;
        };
        /**
         * AlarmCounts
         * @description How many stand unanswered, how many of these are snoozed, and how many stand acknowledged.
         */
        AlarmCounts: {
            active: number;
            snoozed: number;
            acknowledged: number;
        };
        /**
         * AlarmKind
         * @description A kind of trouble to filter by.
         */
        AlarmKind: {
            code: string;
            text: string;
        };
        /**
         * MailsQuery
         * @description What to look for; `before` is the id of the last mail of the page before.
         */
        MailsQuery: {
            /** @default null */
            from?: string | null;
            /** @default null */
            to?: string | null;
            /** @default  */
            kind?: string;
            /** @default null */
            target?: ("email" | "snmp" | "syslog" | "webhook") | null;
            /** @default null */
            state?: ("failed" | "sent" | "waiting") | null;
            /** @default null */
            before?: number | null;
            /** @default 50 */
            page_size?: number;
        };
        /**
         * MailsPage
         * @description Notices, newest first; `next` goes into `before` for older ones. `targets`: which are told of alarms today.
         */
        MailsPage: {
            mails: components["schemas"]["MailView"][];
            next: number | null;
            enabled: boolean;
            targets: ("email" | "snmp" | "syslog" | "webhook")[];
            kinds: components["schemas"]["AlarmKind"][];
        };
        /**
         * MailView
         * @description One mail; `answer` is what the server said last, `done_at` set once it was sent or given up.
         */
        MailView: {
            id: number;
            at: string;
            target: string;
            /** @enum {unknown} */
            occasion: "alive" | "cleared" | "escalated" | "raised";
            code: string;
            receivers: string[];
            title: string;
            /** @enum {unknown} */
            state: "failed" | "sent" | "waiting";
            attempts: number;
            done_at: string | null;
            answer: string;
        };
        /**
         * SelfTestView
         * @description The last test call; `at` null when there was none. Likeness 0…1 of what was sent and what was recorded.
         */
        SelfTestView: {
            at: string | null;
            passed: boolean;
            problem: string;
            took_s: number;
            call_id: string;
            caller_likeness: number | null;
            callee_likeness: number | null;
            daily_at: string;
        };
        /**
         * Trial
         * @description What to try.
         */
        "webadmin.api.alarm_mails.Trial": {
            /**
             * @default email
             * @enum {unknown}
             */
            target?: "email" | "snmp" | "syslog" | "webhook";
        };
        /**
         * TrialAnswer
         * @description What the mail server said.
         */
        TrialAnswer: {
            answer: string;
            receivers: string[];
        };
        /**
         * Acknowledgement
         * @description What is done about it, or nothing said.
         */
        Acknowledgement: {
            /** @default  */
            note?: string;
        };
        /**
         * Snooze
         * @description For how long the alarm shall be quiet.
         */
        Snooze: {
            minutes: number;
        };
        /**
         * OperationsQuery
         * @description What to look for; `before` is the id of the last row of the page before.
         */
        OperationsQuery: {
            /** @default null */
            from?: string | null;
            /** @default null */
            to?: string | null;
            /** @default  */
            user?: string;
            /** @default  */
            address?: string;
            /** @default null */
            module?: components["schemas"]["Module"] | null;
            /** @default  */
            operation?: string;
            /** @default null */
            kind?: components["schemas"]["appliance.domain.operation.Kind"] | null;
            /** @default null */
            result?: components["schemas"]["Result"] | null;
            /** @default  */
            text?: string;
            /** @default null */
            before?: number | null;
            /** @default 50 */
            page_size?: number;
        };
        /**
         * Module
         * @description A part of the panel, as people know it from the menu.
         * @enum {unknown}
         */
        Module: "account" | "alarms" | "calls" | "commissioning" | "directory" | "home" | "live" | "operations" | "rules" | "settings" | "sign_in" | "statistics" | "storage" | "system" | "users";
        /**
         * Kind
         * @description What an operation does. `VIEW` alone is not logged: a page that looks after itself would bury the rest.
         * @enum {unknown}
         */
        "appliance.domain.operation.Kind": "add" | "change" | "control" | "delete" | "download" | "export" | "listen" | "query" | "sign_in" | "sign_out" | "view";
        /**
         * Result
         * @description How it ended.
         * @enum {unknown}
         */
        Result: "done" | "failed" | "refused";
        /**
         * OperationsPage
         * @description Rows, newest first; `next` goes into `before` for older ones. `users` are those of late, for a filter.
         */
        OperationsPage: {
            operations: components["schemas"]["OperationView"][];
            next: number | null;
            newest: number;
            users: string[];
        };
        /**
         * OperationView
         * @description One row. `hash` seals it together with the row before it.
         */
        OperationView: {
            id: number;
            at: string;
            user: string;
            address: string;
            system: string;
            browser: string;
            module: string;
            module_text: string;
            operation: string;
            operation_text: string;
            kind: components["schemas"]["appliance.domain.operation.Kind"];
            kind_text: string;
            result: components["schemas"]["Result"];
            result_text: string;
            parameters: Record<string, never>;
            error: components["schemas"]["ErrorView"] | null;
            hash: string;
        };
        /**
         * ErrorView
         * @description Why it did not succeed.
         */
        ErrorView: {
            code: string;
            message: string;
        };
        /**
         * ExportQuery
         * @description The same rows as a table; times in the zone `tz`.
         */
        ExportQuery: {
            /** @default null */
            from?: string | null;
            /** @default null */
            to?: string | null;
            /** @default  */
            user?: string;
            /** @default  */
            address?: string;
            /** @default null */
            module?: components["schemas"]["Module"] | null;
            /** @default  */
            operation?: string;
            /** @default null */
            kind?: components["schemas"]["appliance.domain.operation.Kind"] | null;
            /** @default null */
            result?: components["schemas"]["Result"] | null;
            /** @default  */
            text?: string;
            /** @default null */
            before?: number | null;
            /** @default 50 */
            page_size?: number;
            /**
             * @default xlsx
             * @enum {unknown}
             */
            format?: "csv" | "xlsx";
            /** @default UTC */
            tz?: string;
        };
        /**
         * VerifyQuery
         * @description The row up to which the chain was followed before; 0 = from the beginning.
         */
        VerifyQuery: {
            /** @default 0 */
            after?: number;
        };
        /**
         * Verification
         * @description The chain holds up to row `checked`; `broken` is the first row that is not as it was written.
         *
         *         `what`: changed | removed | replaced (does not fit the anchor) | truncated (rows at the end are missing)
         */
        Verification: {
            checked: number;
            newest: number;
            done: boolean;
            sealed: string;
            broken: number | null;
            /** @enum {unknown} */
            what: "" | "changed" | "removed" | "replaced" | "truncated";
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
            data_type: components["schemas"]["DataType"];
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
         * @description The list judged, of which somebody with a part of the calls sees own extensions only; `started_at` is null and everything empty while none is going on.
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
            registered: components["schemas"]["RegisteredView"] | null;
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
            code: components["schemas"]["appliance.domain.commissioning.Cause"];
            text: string;
        };
        /**
         * Cause
         * @description Why a check has not passed.
         * @enum {unknown}
         */
        "appliance.domain.commissioning.Cause": "audio_without_sip" | "direction_reversed" | "direction_unknown" | "encrypted" | "no_audio" | "no_link" | "no_recorder" | "no_telephony" | "not_answered" | "not_dialled" | "not_from" | "not_registered" | "not_to" | "only_registered" | "other_address" | "other_sip_port" | "port_silent" | "too_short";
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
         * RegisteredView
         * @description The newest REGISTER seen of the telephone.
         */
        RegisteredView: {
            at: string;
            address: string;
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
         * BackupsAnswer
         * @description Everything on the page of backups. `waiting`: wishes that are not begun yet. `sticks`: USB sticks plugged in.
         */
        BackupsAnswer: {
            enabled: boolean;
            next_at: string | null;
            made_at: string | null;
            has_key: boolean;
            key_shown_at: string | null;
            waiting: number;
            is_restoring: boolean;
            job: components["schemas"]["JobView"] | null;
            runs: components["schemas"]["RunView"][];
            places: components["schemas"]["PlaceView"][];
            rehearsal: components["schemas"]["RehearsalView"] | null;
            upload: components["schemas"]["UploadView"] | null;
            sticks: components["schemas"]["StickView"][];
            is_usb_enabled: boolean;
        };
        /**
         * JobView
         * @description What is being done. Units: bytes; `whole` 0 where the end is not known.
         */
        JobView: {
            kind: string;
            by: string;
            began_at: string;
            step: string;
            step_text: string;
            done: number;
            whole: number;
        };
        /**
         * RunView
         * @description What was done: `kind` make | try | delete | fetch | rehearse | restore. `by` "" = the schedule.
         */
        RunView: {
            id: string;
            kind: string;
            by: string;
            began_at: string;
            ended_at: string;
            subject: string;
            bytes: number;
            calls: number;
            is_good: boolean;
            problem: string;
            places: components["schemas"]["PlaceResult"][];
        };
        /**
         * PlaceResult
         * @description How it went in one place, "" = well.
         */
        PlaceResult: {
            place: string;
            text: string;
            problem: string;
        };
        /**
         * PlaceView
         * @description A place and what was there at `looked_at`; `problem`: why it could not be looked at, "" when it could.
         *
         *         `label` is the stick's that was plugged in then, `free_bytes` the room there was, null where nobody tells
         */
        PlaceView: {
            place: string;
            text: string;
            label: string;
            free_bytes: number | null;
            is_enabled: boolean;
            looked_at: string | null;
            problem: string;
            backups: components["schemas"]["BackupView"][];
        };
        /**
         * BackupView
         * @description A backup in a place; `is_own`: of this box. `is_here`: it can be downloaded at once.
         */
        BackupView: {
            name: string;
            at: string;
            kind: components["schemas"]["appliance.domain.backup.Kind"];
            kind_text: string;
            box: string;
            bytes: number;
            is_own: boolean;
            is_here: boolean;
        };
        /**
         * Kind
         * @description What a backup is: without or with recordings, or the state before a restore.
         * @enum {unknown}
         */
        "appliance.domain.backup.Kind": "audio" | "plain" | "undo";
        /**
         * RehearsalView
         * @description What restoring would bring: calls until when, people, holds, recordings; `missing` calls of this box are not in it.
         *
         *         Calls that this box has in its archive stay; `text` says it in one sentence.
         */
        RehearsalView: {
            at: string;
            place: string;
            name: string;
            made_at: string;
            box: string;
            release: string;
            is_own: boolean;
            bytes: number;
            calls: number;
            recordings: number;
            people: number;
            holds: number;
            since: string | null;
            until: string | null;
            audio_files: number;
            audio_bytes: number;
            here_calls: number;
            missing: number;
        };
        /**
         * UploadView
         * @description A backup that a browser brings: `name` and `bytes` once it is whole, `received` of `total` before.
         */
        UploadView: {
            name: string;
            bytes: number;
            received: number;
            total: number;
        };
        /**
         * ChosenPlace
         * @description One of the places of the settings, switched on or not.
         */
        ChosenPlace: {
            place: string;
        };
        /**
         * Chosen
         * @description A backup.
         */
        Chosen: {
            place: string;
            name: string;
        };
        /**
         * ToRehearse
         * @description A backup to be tried; `recovery_key` when it was made by another box or with an earlier key.
         */
        ToRehearse: {
            place: string;
            name: string;
            /** @default  */
            recovery_key?: string;
        };
        /**
         * BackupPieceBody
         * @description The next piece of a backup, base64; the one at 0 begins anew. `name` is the file's.
         */
        BackupPieceBody: {
            name: string;
            offset: number;
            total: number;
            content: string;
        };
        /**
         * PieceTaken
         * @description How much is there now.
         */
        PieceTaken: {
            received: number;
        };
        /**
         * UploadToRehearse
         * @description The backup that was brought; `recovery_key` when it was made by another box or with an earlier key.
         */
        UploadToRehearse: {
            /** @default  */
            recovery_key?: string;
        };
        /**
         * ToRestore
         * @description The rehearsed backup, named once more, so that nobody restores another than they looked at.
         */
        ToRestore: {
            name: string;
            /** @default true */
            keep_network?: boolean;
        };
        /**
         * Password
         * @description One's own password.
         */
        Password: {
            password: string;
        };
        /**
         * KeyAnswer
         * @description The recovery key, this once.
         */
        KeyAnswer: {
            recovery_key: string;
            box: string;
        };
        /**
         * StorageAnswer
         * @description Everything on the storage page. `asked_at`: when the disks were asked, null when that is not done here.
         *
         *         `second`: the disk for recordings, null while none is plugged in
         */
        StorageAnswer: {
            paths: components["schemas"]["RecordingPathView"][];
            per_day: components["schemas"]["DayBytes"][];
            bytes_per_day: number;
            archive_bytes: number;
            disks: components["schemas"]["PhysicalDiskView"][];
            raids: components["schemas"]["RaidView"][];
            second: components["schemas"]["SecondDiskView"] | null;
            asked_at: string | null;
            problem: string;
        };
        /**
         * RecordingPathView
         * @description A storage path. `problem` is "" for none. Of the path in use: `days_left` until it is full, null when not in sight.
         *
         *         `stopped`: nothing is recorded for want of room; `sacrificed`: recordings of the last day deleted before their time
         */
        RecordingPathView: {
            shelf: components["schemas"]["Shelf"];
            path: string;
            current: boolean;
            problem: string;
            detail: string;
            total_bytes: number;
            free_bytes: number;
            instead_since: string | null;
            days_left: number | null;
            stopped: boolean;
            sacrificed: number;
        };
        /**
         * Shelf
         * @description One of the two storage paths.
         * @enum {unknown}
         */
        Shelf: "first" | "second";
        /**
         * DayBytes
         * @description Recordings of one day (UTC) that there still are.
         */
        DayBytes: {
            /** Format: date */
            date: string;
            bytes: number;
        };
        /**
         * PhysicalDiskView
         * @description A whole disk. `is_free`: nothing on it is in use, so it may be offered for recordings; `unfit` says why it is not.
         *
         *         `is_prepared`: made for recordings already; `labels` are the names of what is on it
         */
        PhysicalDiskView: {
            path: string;
            size_bytes: number;
            model: string;
            serial: string;
            transport: string;
            is_rotating: boolean;
            is_removable: boolean;
            is_free: boolean;
            is_blank: boolean;
            is_prepared: boolean;
            unfit: string;
            unfit_text: string;
            kinds: string[];
            labels: string[];
            mounts: string[];
            raids: string[];
            smart: components["schemas"]["SmartView"];
        };
        /**
         * SmartView
         * @description `state`: good | wearing | failing | unknown; the others null where the disk does not tell.
         */
        SmartView: {
            state: string;
            temperature_c: number | null;
            power_on_h: number | null;
            bad_sectors: number | null;
            worn_percent: number | null;
            problem: string;
        };
        /**
         * RaidView
         * @description An array; `sync` is what it is doing (recover, resync, check), "" for nothing.
         */
        RaidView: {
            path: string;
            level: string;
            state: string;
            disks: number;
            missing: number;
            sync: string;
            sync_percent: number | null;
            members: string[];
        };
        /**
         * SecondDiskView
         * @description The disk for recordings that is plugged in: taken on where it is mounted, in use where the settings name it.
         */
        SecondDiskView: {
            disk: string;
            is_mounted: boolean;
            is_used: boolean;
            is_current: boolean;
        };
        /**
         * PrepareBody
         * @description The disk as it was shown, and one's own password: everything on it is lost.
         */
        PrepareBody: {
            path: string;
            size_bytes: number;
            model: string;
            serial: string;
            password: string;
        };
        /**
         * RetentionAnswer
         * @description The settings with their version, and their preview. `begins_at`: when they begin to take anything, null when they do.
         */
        RetentionAnswer: {
            version: string;
            retention: Record<string, never>;
            begins_at: string | null;
            preview: components["schemas"]["Preview"];
        };
        /**
         * Preview
         * @description What the policies would delete now; `enabled` says whether they are in use at all.
         */
        Preview: {
            at: string;
            enabled: boolean;
            calls: number;
            bytes: number;
            classes: components["schemas"]["ClassView"][];
        };
        /**
         * ClassView
         * @description A class: what it holds now, how long its recordings really stay (null = for ever), what would go now.
         *
         *         `text` is its name, or what the rest is called. Units: bytes_per_day of the last four weeks
         */
        ClassView: {
            name: string;
            text: string;
            keep_days: number;
            least_days: number;
            most_gib: number;
            calls: number;
            bytes: number;
            held: number;
            oldest: string | null;
            newest: string | null;
            bytes_per_day: number;
            effective_days: number | null;
            going: components["schemas"]["GoingView"];
        };
        /**
         * GoingView
         * @description What would go of a class: how much, for which cause, from when to when, and the first of them.
         */
        GoingView: {
            calls: number;
            bytes: number;
            by_age: number;
            by_size: number;
            oldest: string | null;
            newest: string | null;
            sample: components["schemas"]["SampleView"][];
        };
        /**
         * SampleView
         * @description A recording that would go; numbers as whoever asks may see them.
         */
        SampleView: {
            call_id: string;
            at: string;
            caller: string;
            callee: string;
            bytes: number;
            cause: components["schemas"]["appliance.domain.retention.Cause"];
        };
        /**
         * Cause
         * @description Why a recording goes.
         * @enum {unknown}
         */
        "appliance.domain.retention.Cause": "age" | "size" | "space";
        /**
         * RetentionChange
         * @description The settings as they shall be; refused when they are no longer those of `version`.
         */
        RetentionChange: {
            version: string;
            retention: Record<string, never>;
        };
        /**
         * Wanted
         * @description Settings of retention to be tried.
         */
        Wanted: {
            retention: Record<string, never>;
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
         *
         *         `origin`: save | import | restore, then `restored` is the revision that came back. `changes` counts what differs
         *         from the state before, null when that is no longer kept; `first` are a few of them.
         */
        RevisionView: {
            revision: number;
            at: string;
            by: string;
            origin: string;
            restored: number | null;
            changes: number | null;
            first: components["schemas"]["ChangeView"][];
        };
        /**
         * ChangeView
         * @description One difference: labels on the way to the setting, the row inside it ("" for the setting itself), old and new words.
         *
         *         `sort`: changed | added | removed | moved | secret; a secret has no words.
         */
        ChangeView: {
            path: string;
            label: string[];
            row: string;
            sort: components["schemas"]["appliance.settings.difference.Sort"];
            old: string;
            new: string;
        };
        /**
         * Sort
         * @description What happened to a setting, or to a row of one.
         * @enum {unknown}
         */
        "appliance.settings.difference.Sort": "added" | "changed" | "moved" | "removed" | "secret";
        /**
         * RestoreOrder
         * @description Only while this is still the revision in force; null = whatever is.
         */
        RestoreOrder: {
            /** @default null */
            based_on?: number | null;
        };
        /**
         * CompareQuery
         * @description Two states: revisions, 0 that before anything was saved. None: the settings in force, and what was before them.
         */
        CompareQuery: {
            /** @default null */
            before?: number | null;
            /** @default null */
            after?: number | null;
        };
        /**
         * Difference
         * @description What leads from one state to the other; of `total` changes the first 500 are told. `by`: who saved in between.
         */
        Difference: {
            before: number;
            after: number;
            by: string[];
            changes: components["schemas"]["ChangeView"][];
            total: number;
        };
        /**
         * ExportOrder
         * @description With a passphrase secrets come along, encrypted; "" leaves them out.
         */
        ExportOrder: {
            /** @default  */
            passphrase?: string;
        };
        /**
         * ImportOrder
         * @description `content` is the file; `sections` the parts of it that are wanted, null = all.
         *
         *         Without `apply` nothing is changed; with it `revision` must be the one that the preview named.
         */
        ImportOrder: {
            content: Record<string, never>;
            /** @default  */
            passphrase?: string;
            /** @default null */
            sections?: string[] | null;
            /** @default null */
            revision?: number | null;
            /** @default false */
            apply?: boolean;
        };
        /**
         * ImportAnswer
         * @description What the file would change on top of `revision`, or has changed when `done`: then `revision` is the new one.
         *
         *         `secrets`: none | locked (a passphrase opens them) | open.
         */
        ImportAnswer: {
            done: boolean;
            revision: number;
            release: string;
            box: string;
            made_at: string;
            /** @enum {unknown} */
            secrets: "locked" | "none" | "open";
            parts: components["schemas"]["PartView"][];
            changes: components["schemas"]["ChangeView"][];
            total: number;
            problems: components["schemas"]["MisfitView"][];
        };
        /**
         * PartView
         * @description A part of the settings that the file would change.
         */
        PartView: {
            name: string;
            text: string;
            changes: number;
        };
        /**
         * MisfitView
         * @description A setting of the file that is left as it is here, and why.
         */
        MisfitView: {
            path: string;
            label: string;
            message: string;
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
         * ContactsQuery
         * @description A page of contacts by number. `cursor` goes before `page`: `next` or `previous` of a page, or `last`.
         */
        ContactsQuery: {
            /** @default  */
            search?: string;
            /** @default  */
            number?: string;
            /** @default  */
            name?: string;
            /** @default  */
            company?: string;
            /** @default null */
            department?: number | null;
            /** @default all */
            which?: components["schemas"]["Which"];
            /** @default 1 */
            page?: number;
            /** @default 50 */
            page_size?: number;
            /** @default  */
            cursor?: string;
        };
        /**
         * Which
         * @description Which numbers of the directory.
         * @enum {unknown}
         */
        Which: "all" | "contacts" | "extensions";
        /**
         * ContactsPage
         * @description Contacts that match; `next` and `previous` are cursors of the pages beside this one, "" at the ends.
         */
        ContactsPage: {
            total: number;
            page: number;
            page_size: number;
            next: string;
            previous: string;
            contacts: components["schemas"]["ContactView"][];
        };
        /**
         * ContactView
         * @description One number of the directory; `department` is its path, `kind` is null for numbers that are no extension here.
         */
        ContactView: {
            number: string;
            name: string;
            company: string;
            department_id: number | null;
            department: string;
            is_extension: boolean;
            kind: components["schemas"]["LineKind"] | null;
            note: string;
        };
        /**
         * LineKind
         * @description What an extension is connected by.
         * @enum {unknown}
         */
        LineKind: "analog" | "e1" | "ip";
        /**
         * NewContacts
         * @description Contacts to be added together; those that are known already are reported and keep none of the others out.
         */
        NewContacts: {
            contacts: components["schemas"]["Contact"][];
        };
        /**
         * Contact
         * @description Whose number it is.
         */
        Contact: {
            number: string;
            /** @default  */
            name?: string;
            /** @default  */
            company?: string;
            /** @default null */
            department_id?: number | null;
            /** @default  */
            note?: string;
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
         * @description One row and what becomes of it; `channel` 0 = none, `department` is its path.
         */
        PlannedView: {
            line: number;
            number: string;
            channel: number;
            name: string;
            company: string;
            department: string;
            kind: components["schemas"]["LineKind"] | null;
            note: string;
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
         * ContactQuery
         * @description The contact with this number.
         */
        ContactQuery: {
            number: string;
        };
        /**
         * UnwantedContacts
         * @description Numbers to be removed.
         */
        UnwantedContacts: {
            numbers: string[];
        };
        /**
         * RemovedContacts
         * @description What is gone: added again as they are they are back.
         */
        RemovedContacts: {
            contacts: components["schemas"]["ContactView"][];
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
         * ContactsExport
         * @description Which contacts as which kind of table.
         */
        ContactsExport: {
            /** @default  */
            search?: string;
            /** @default  */
            number?: string;
            /** @default  */
            name?: string;
            /** @default  */
            company?: string;
            /** @default null */
            department?: number | null;
            /** @default all */
            which?: components["schemas"]["Which"];
            /**
             * @default xlsx
             * @enum {unknown}
             */
            format?: "csv" | "xlsx";
        };
        /**
         * ExtensionsQuery
         * @description Which extensions: whose number, name, company or channel contains a text; a department counts all below it.
         */
        ExtensionsQuery: {
            /** @default  */
            search?: string;
            /** @default null */
            department?: number | null;
            /** @default null */
            kind?: components["schemas"]["LineKind"] | null;
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
         * @description One extension; `channel` is null for one that is not bound, `department` is a path.
         */
        ExtensionView: {
            number: string;
            channel: number | null;
            name: string;
            company: string;
            department_id: number | null;
            department: string;
            kind: components["schemas"]["LineKind"];
            note: string;
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
            /** @default  */
            company?: string;
            /** @default null */
            department_id?: number | null;
            /** @default ip */
            kind?: components["schemas"]["LineKind"];
            /** @default  */
            note?: string;
        };
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
         * UsersQuery
         * @description Whose name or real name contains a text.
         */
        UsersQuery: {
            /** @default  */
            search?: string;
        };
        /**
         * UserList
         * @description Everyone who fits, by name.
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
            real_name: string;
            role_id: number;
            role_name: string;
            is_super: boolean;
            is_enabled: boolean;
            scope: components["schemas"]["UserScopeView"];
            must_change: boolean;
            created_at: string;
            last_sign_in_at: string | null;
            sessions: number;
        };
        /**
         * UserScopeView
         * @description Whose calls a person may know of; only the members of `kind` are filled.
         */
        UserScopeView: {
            kind: components["schemas"]["ScopeKind"];
            departments: number[];
            extensions: string[];
        };
        /**
         * ScopeKind
         * @description How a person's scope is given: by departments with all below them, or by single extensions.
         * @enum {unknown}
         */
        ScopeKind: "departments" | "everything" | "extensions";
        /**
         * NewUser
         * @description Whom to let in, to do what, and whose calls to see.
         */
        NewUser: {
            name: string;
            /** @default  */
            real_name?: string;
            role_id: number;
            /** @default false */
            is_super?: boolean;
            /**
             * @default {
             *       "kind": "everything",
             *       "departments": [],
             *       "extensions": []
             *     }
             */
            scope?: components["schemas"]["UserScope"];
        };
        /**
         * UserScope
         * @description Whose calls may be known: all, those of departments (ids) with all below them, or of single extensions.
         */
        UserScope: {
            /** @default everything */
            kind?: components["schemas"]["ScopeKind"];
            /** @default [] */
            departments?: number[];
            /** @default [] */
            extensions?: string[];
        };
        /**
         * UserWithPassword
         * @description The person and the password for the first sign-in; it is shown this once and lasts a week.
         */
        UserWithPassword: {
            user: components["schemas"]["UserView"];
            one_time_password: string;
        };
        /**
         * ExtensionChoices
         * @description The first extensions that fit, by number; those of the directory and the bound ones.
         */
        ExtensionChoices: {
            extensions: components["schemas"]["ExtensionChoice"][];
        };
        /**
         * ExtensionChoice
         * @description An extension that a scope may name.
         */
        ExtensionChoice: {
            number: string;
            name: string;
        };
        /**
         * ScopeAsked
         * @description A scope that is being put together.
         */
        ScopeAsked: {
            /** @default false */
            is_super?: boolean;
            /**
             * @default {
             *       "kind": "everything",
             *       "departments": [],
             *       "extensions": []
             *     }
             */
            scope?: components["schemas"]["UserScope"];
        };
        /**
         * ScopeSize
         * @description What a scope gives: how many numbers (null = all) and how many calls of the ledger as it is now.
         */
        ScopeSize: {
            extensions: number | null;
            calls: number;
        };
        /**
         * UserChange
         * @description A person as they shall be; a disabled one is signed out and cannot sign in.
         */
        UserChange: {
            name: string;
            /** @default  */
            real_name?: string;
            role_id: number;
            /** @default false */
            is_super?: boolean;
            /**
             * @default {
             *       "kind": "everything",
             *       "departments": [],
             *       "extensions": []
             *     }
             */
            scope?: components["schemas"]["UserScope"];
            /** @default true */
            is_enabled?: boolean;
        };
        /**
         * LookWanted
         * @description Through whose eyes.
         */
        LookWanted: {
            user_id: number;
        };
        /**
         * DepartmentList
         * @description All departments that the asker may know of, by name; the tree follows from `parent_id`.
         */
        DepartmentList: {
            departments: components["schemas"]["DepartmentView"][];
        };
        /**
         * DepartmentView
         * @description A department. `extensions` counts those directly in it, `people` those whose scope names it.
         *
         *         `parent_id` is null at the top, which for somebody with a part of the tree is the top of that part.
         */
        DepartmentView: {
            id: number;
            parent_id: number | null;
            name: string;
            extensions: number;
            people: number;
        };
        /**
         * DepartmentWanted
         * @description A department as it shall be; without a parent it stands at the top.
         */
        DepartmentWanted: {
            name: string;
            /** @default null */
            parent_id?: number | null;
        };
        /**
         * RoleList
         * @description All roles, the built-in ones first, the tree of ticks, and which of them a guard is over.
         */
        RoleList: {
            roles: components["schemas"]["RoleView"][];
            groups: components["schemas"]["PermissionGroup"][];
            sensitive: components["schemas"]["Permission"][];
        };
        /**
         * RoleView
         * @description A role; one that is `built_in` can be neither changed nor removed. `people` counts who has it.
         *
         *         `is_guarded`: its people may do what is sensitive only after a second person has confirmed.
         */
        RoleView: {
            id: number;
            name: string;
            built_in: components["schemas"]["Role"] | null;
            permissions: components["schemas"]["Permission"][];
            is_guarded: boolean;
            department_id: number | null;
            people: number;
        };
        /**
         * Role
         * @description What a person is to the box.
         * @enum {unknown}
         */
        Role: "administrator" | "viewer";
        /**
         * PermissionGroup
         * @description The ticks of one part of the menu.
         */
        PermissionGroup: {
            text: string;
            permissions: components["schemas"]["PermissionView"][];
        };
        /**
         * PermissionView
         * @description One tick.
         */
        PermissionView: {
            code: components["schemas"]["Permission"];
            text: string;
        };
        /**
         * RoleWanted
         * @description A role as it shall be; a department says whose role it is and limits nothing.
         *
         *         `is_guarded` null leaves it as it is, so that a program that does not know of it takes no guard away.
         */
        RoleWanted: {
            name: string;
            permissions: components["schemas"]["Permission"][];
            /** @default null */
            department_id?: number | null;
            /** @default null */
            is_guarded?: boolean | null;
        };
        /**
         * ViewListQuery
         * @description Entries whose number or note contains a text, or that are (not) in force.
         */
        ViewListQuery: {
            /** @default  */
            search?: string;
            /** @default null */
            enabled?: boolean | null;
        };
        /**
         * ViewListAnswer
         * @description The list by number; `on` when it is in force.
         */
        ViewListAnswer: {
            on: boolean;
            entries: components["schemas"]["ViewListEntryView"][];
        };
        /**
         * ViewListEntryView
         * @description One number of the list.
         */
        ViewListEntryView: {
            number: string;
            note: string;
            enabled: boolean;
        };
        /**
         * ViewListEntry
         * @description One number whose calls are shown; a disabled entry counts as absent.
         */
        ViewListEntry: {
            number: string;
            /** @default  */
            note?: string;
            /** @default true */
            enabled?: boolean;
        };
        /**
         * ViewListNumber
         * @description The entry of this number.
         */
        ViewListNumber: {
            number: string;
        };
        /**
         * ViewListSwitch
         * @description Whether the list is in force.
         */
        ViewListSwitch: {
            on: boolean;
        };
        /**
         * LinkAnswer
         * @description The address to be handed over, below this site; it serves once and is shown this once.
         */
        LinkAnswer: {
            path: string;
            expires_at: string;
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
    session_give_second: {
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
                "application/json": components["schemas"]["SecondFactor"];
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
    session_passkey_options: {
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
                    "application/json": components["schemas"]["PasskeyOptions"];
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
    session_by_passkey: {
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
                "application/json": components["schemas"]["PasskeyAnswer"];
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
    confirmation_give: {
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
    confirmation_end: {
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
    confirmation_give_second: {
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
                "application/json": components["schemas"]["SecondFactor"];
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
    entry_reset: {
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
                "application/json": components["schemas"]["Reset"];
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
    entry_show_link: {
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
                "application/json": components["schemas"]["LinkQuestion"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkView"];
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
    account_show: {
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
                    "application/json": components["schemas"]["AccountView"];
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
    account_end_session: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                session_id: string;
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
    account_end_other_sessions: {
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
    account_begin_app: {
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
                "application/json": components["schemas"]["WithPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AppSecret"];
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
    account_confirm_app: {
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
                "application/json": components["schemas"]["AppCode"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
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
    account_remove_app: {
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
                "application/json": components["schemas"]["WithPassword"];
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
    account_renew_codes: {
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
                "application/json": components["schemas"]["WithPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
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
    account_passkey_options: {
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
                "application/json": components["schemas"]["WithPassword"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
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
    account_add_passkey: {
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
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
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
    account_remove_passkey: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                passkey_id: string;
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
    account_add_token: {
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
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenWithValue"];
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
    account_revoke_token: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                token_id: string;
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
    entry_list_sessions: {
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
                    "application/json": components["schemas"]["SessionList"];
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
    entry_end_session: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                session_id: string;
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
    entry_list_tokens: {
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
                    "application/json": components["schemas"]["TokenList"];
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
    entry_revoke_token: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                token_id: string;
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
    entry_try_ldap: {
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
                "application/json": components["schemas"]["LdapTrial"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LdapResult"];
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
    live_show_channels: {
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
                    "application/json": components["schemas"]["ChannelsAnswer"];
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
    mirror_show_nets: {
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
                    "application/json": components["schemas"]["NetsAnswer"];
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
    boards_show: {
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
                    "application/json": components["schemas"]["BoardsAnswer"];
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
    boards_show_channels: {
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
                    "application/json": components["schemas"]["LinesAnswer"];
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
    boards_save_channels: {
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
                "application/json": components["schemas"]["LinesChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinesChanged"];
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
    boards_show_channel: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                channel: string;
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
                    "application/json": components["schemas"]["LineDetail"];
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
    corrections_show: {
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
                    "application/json": components["schemas"]["CorrectionsAnswer"];
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
    corrections_plan: {
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
                "application/json": components["schemas"]["CorrectionWanted"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionsAnswer"];
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
    corrections_drop: {
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
                    "application/json": components["schemas"]["CorrectionsAnswer"];
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
    corrections_rows: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                page?: number;
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
                    "application/json": components["schemas"]["CorrectionRows"];
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
    corrections_order: {
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
                "application/json": components["schemas"]["CorrectionAgreed"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectionsAnswer"];
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
    line_doctor_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                channel: string;
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
                    "application/json": components["schemas"]["DoctorView"];
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
    network_show: {
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
                    "application/json": components["schemas"]["NetworkAnswer"];
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
    network_try_out: {
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
                "application/json": components["schemas"]["NetworkWish"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkAnswer"];
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
    network_confirm: {
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
                    "application/json": components["schemas"]["NetworkAnswer"];
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
    network_go_back: {
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
                    "application/json": components["schemas"]["NetworkAnswer"];
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
    clock_show: {
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
                    "application/json": components["schemas"]["TimeAnswer"];
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
    clock_save: {
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
                "application/json": components["schemas"]["TimeChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimeAnswer"];
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
    first_steps_show: {
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
                    "application/json": components["schemas"]["FirstStepsState"];
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
    first_steps_remember: {
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
                "application/json": components["schemas"]["FirstStepsChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstStepsState"];
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
    licences_show: {
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
                    "application/json": components["schemas"]["LicencesAnswer"];
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
    licences_add: {
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
                "application/json": components["schemas"]["LicenceBrought"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LicencesAnswer"];
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
    licences_remove: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                licence: string;
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
                    "application/json": components["schemas"]["LicencesAnswer"];
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
    web_access_show: {
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
                    "application/json": components["schemas"]["WebAccessAnswer"];
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
    web_access_fetch: {
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
                    "application/pkcs10": unknown;
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
    web_access_ask: {
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
                "application/json": components["schemas"]["RequestWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebAccessAnswer"];
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
    web_access_install: {
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
                "application/json": components["schemas"]["CertificateWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebAccessAnswer"];
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
    web_access_renew: {
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
                    "application/json": components["schemas"]["WebAccessAnswer"];
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
    clock_order: {
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
                "application/json": components["schemas"]["ClockWish"];
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
    network_begin_probe: {
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
                "application/json": components["schemas"]["ProbeWish"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbeView"];
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
    network_show_probe: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                probe_id: string;
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
                    "application/json": components["schemas"]["ProbeView"];
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
    network_end_probe: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                probe_id: string;
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
    network_fetch_sample: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                probe_id: string;
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
    update_show: {
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
                    "application/json": components["schemas"]["UpdateAnswer"];
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
    update_take: {
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
                "application/json": components["schemas"]["PieceBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PieceAnswer"];
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
    update_drop: {
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
                    "application/json": components["schemas"]["UpdateAnswer"];
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
    update_fetch: {
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
                "application/json": components["schemas"]["FetchBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateAnswer"];
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
    update_list_stick: {
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
                "application/json": components["schemas"]["StickBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StickAnswer"];
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
    update_bring: {
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
                "application/json": components["schemas"]["StickFileBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateAnswer"];
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
    update_install: {
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
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateAnswer"];
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
    update_start: {
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
                "application/json": components["schemas"]["StartBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdateAnswer"];
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
    update_stay: {
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
                    "application/json": components["schemas"]["UpdateAnswer"];
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
    update_reset: {
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
                "application/json": components["schemas"]["ResetBody"];
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
    system_show: {
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
                    "application/json": components["schemas"]["SystemAnswer"];
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
    power_restart: {
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
                "application/json": components["schemas"]["ProveBody"];
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
    power_switch_off: {
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
                "application/json": components["schemas"]["ProveBody"];
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
    power_restart_program: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                program: string;
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
    system_show_log: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                lines?: number;
            };
            header?: never;
            path: {
                program: string;
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
                    "application/json": components["schemas"]["LogAnswer"];
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
                match?: "contains" | "exact" | "pattern" | "prefix" | "suffix";
                range?: ("last_month" | "last_week" | "month" | "today" | "week" | "year" | "yesterday") | null;
                tz?: string;
                extension?: string;
                name?: string;
                company?: string;
                department?: number | null;
                data_type?: ("analog" | "e1" | "ip" | "siprec") | null;
                call_type?: ("automatic" | "incoming" | "internal" | "missed" | "outgoing") | null;
                conference?: ("no" | "yes") | null;
                encrypted?: ("no" | "yes") | null;
                direction?: ("incoming" | "internal" | "outgoing" | "unknown") | null;
                recorded?: ("no" | "yes") | null;
                reason?: ("busy" | "cancelled" | "capture_loss" | "damaged" | "deleted" | "discarded" | "disk_full" | "elsewhere" | "encrypted" | "expired" | "failed" | "interrupted" | "licence" | "no_answer" | "no_media" | "not_started" | "paused" | "policy" | "rejected" | "too_short" | "unsupported_payload") | null;
                mark?: ("board_gone" | "capture_loss" | "clock_jump" | "codec_changed" | "decrypted" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "kept" | "loss" | "no_bye" | "on_demand" | "one_way" | "over_licence" | "part_undecoded" | "paused" | "redirected" | "self_test" | "snapped" | "ssrc_changed" | "stopped" | "trunk_alarm") | null;
                codec?: string;
                trunk?: string;
                tag?: string;
                note?: string;
                reviewed?: ("no" | "yes") | null;
                without_number?: string;
                without_mark?: ("board_gone" | "capture_loss" | "clock_jump" | "codec_changed" | "decrypted" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "kept" | "loss" | "no_bye" | "on_demand" | "one_way" | "over_licence" | "part_undecoded" | "paused" | "redirected" | "self_test" | "snapped" | "ssrc_changed" | "stopped" | "trunk_alarm") | null;
                without_reason?: ("busy" | "cancelled" | "capture_loss" | "damaged" | "deleted" | "discarded" | "disk_full" | "elsewhere" | "encrypted" | "expired" | "failed" | "interrupted" | "licence" | "no_answer" | "no_media" | "not_started" | "paused" | "policy" | "rejected" | "too_short" | "unsupported_payload") | null;
                without_tag?: string;
                min_s?: number | null;
                max_s?: number | null;
                max_mos?: number | null;
                verdict?: ("both" | "clean" | "copy" | "network" | "unknown") | null;
                interaction_id?: string;
                sort?: "-callee" | "-caller" | "-duration" | "-mos" | "-started_at" | "callee" | "caller" | "duration" | "mos" | "started_at";
                page?: number;
                page_size?: number;
                cursor?: string;
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
    query_read_line: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                line?: string;
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
                    "application/json": components["schemas"]["LineRead"];
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
    query_write_line: {
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
                "application/json": components["schemas"]["FiltersGiven"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineWritten"];
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
    statements_show: {
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
                    "application/json": components["schemas"]["StatementsAnswer"];
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
    statements_ask: {
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
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatementsAnswer"];
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
    statements_fetch: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                form?: "json" | "sig" | "txt";
            };
            header?: never;
            path: {
                statement: string;
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
    statements_key: {
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
                    "application/x-pem-file": unknown;
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
    cdr_preview: {
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
                "application/json": components["schemas"]["CdrFile"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CdrPreview"];
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
    cdr_compare: {
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
                "application/json": components["schemas"]["CdrOrder"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CdrAnswer"];
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
    statistics_show: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                subject: "departments" | "extensions" | "faults" | "hours" | "persons" | "quality" | "regions" | "trunks";
                first: string;
                last: string;
                tz?: string;
                country?: string;
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
                    "application/json": components["schemas"]["StatisticsTable"];
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
    statistics_export: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                subject: "departments" | "extensions" | "faults" | "hours" | "persons" | "quality" | "regions" | "trunks";
                first: string;
                last: string;
                tz?: string;
                country?: string;
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
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
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
    query_complete: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                line?: string;
                at?: number;
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
                    "application/json": components["schemas"]["Completions"];
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
    query_count: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                from?: string | null;
                to?: string | null;
                number?: string;
                caller?: string;
                callee?: string;
                match?: "contains" | "exact" | "pattern" | "prefix" | "suffix";
                range?: ("last_month" | "last_week" | "month" | "today" | "week" | "year" | "yesterday") | null;
                tz?: string;
                extension?: string;
                name?: string;
                company?: string;
                department?: number | null;
                data_type?: ("analog" | "e1" | "ip" | "siprec") | null;
                call_type?: ("automatic" | "incoming" | "internal" | "missed" | "outgoing") | null;
                conference?: ("no" | "yes") | null;
                encrypted?: ("no" | "yes") | null;
                direction?: ("incoming" | "internal" | "outgoing" | "unknown") | null;
                recorded?: ("no" | "yes") | null;
                reason?: ("busy" | "cancelled" | "capture_loss" | "damaged" | "deleted" | "discarded" | "disk_full" | "elsewhere" | "encrypted" | "expired" | "failed" | "interrupted" | "licence" | "no_answer" | "no_media" | "not_started" | "paused" | "policy" | "rejected" | "too_short" | "unsupported_payload") | null;
                mark?: ("board_gone" | "capture_loss" | "clock_jump" | "codec_changed" | "decrypted" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "kept" | "loss" | "no_bye" | "on_demand" | "one_way" | "over_licence" | "part_undecoded" | "paused" | "redirected" | "self_test" | "snapped" | "ssrc_changed" | "stopped" | "trunk_alarm") | null;
                codec?: string;
                trunk?: string;
                tag?: string;
                note?: string;
                reviewed?: ("no" | "yes") | null;
                without_number?: string;
                without_mark?: ("board_gone" | "capture_loss" | "clock_jump" | "codec_changed" | "decrypted" | "disk_full" | "early_media" | "forked" | "held" | "interrupted" | "joined_late" | "kept" | "loss" | "no_bye" | "on_demand" | "one_way" | "over_licence" | "part_undecoded" | "paused" | "redirected" | "self_test" | "snapped" | "ssrc_changed" | "stopped" | "trunk_alarm") | null;
                without_reason?: ("busy" | "cancelled" | "capture_loss" | "damaged" | "deleted" | "discarded" | "disk_full" | "elsewhere" | "encrypted" | "expired" | "failed" | "interrupted" | "licence" | "no_answer" | "no_media" | "not_started" | "paused" | "policy" | "rejected" | "too_short" | "unsupported_payload") | null;
                without_tag?: string;
                min_s?: number | null;
                max_s?: number | null;
                max_mos?: number | null;
                verdict?: ("both" | "clean" | "copy" | "network" | "unknown") | null;
                interaction_id?: string;
                sort?: "-callee" | "-caller" | "-duration" | "-mos" | "-started_at" | "callee" | "caller" | "duration" | "mos" | "started_at";
                page?: number;
                page_size?: number;
                cursor?: string;
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
                    "application/json": components["schemas"]["Counted"];
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
    query_show_searches: {
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
                    "application/json": components["schemas"]["SearchList"];
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
    query_keep_search: {
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
                "application/json": components["schemas"]["SearchWanted"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchList"];
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
    query_replace_search: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                search_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchWanted"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchList"];
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
    query_forget_search: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                search_id: string;
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
    tour_show: {
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
                    "application/json": components["schemas"]["Tour"];
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
    tour_remember: {
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
                "application/json": components["schemas"]["Tour"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tour"];
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
    query_show_columns: {
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
                    "application/json": components["schemas"]["Columns"];
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
    query_choose_columns: {
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
                "application/json": components["schemas"]["Columns"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Columns"];
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
                from?: number | null;
                to?: number | null;
                tz?: string | null;
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
                from?: number | null;
                to?: number | null;
                peaks?: number;
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
    annotations_of_calls: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                ids: string;
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
                    "application/json": components["schemas"]["OfCalls"];
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
    annotations_mark_reviewed: {
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
                "application/json": components["schemas"]["Reviewed"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Marked"];
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
    annotations_known: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                begin?: string;
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
                    "application/json": components["schemas"]["KnownTags"];
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
    annotations_show: {
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
                    "application/json": components["schemas"]["AnnotationsView"];
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
    annotations_add_tag: {
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
                "application/json": components["schemas"]["NewTag"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnotationsView"];
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
    annotations_remove_tag: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                tag: string;
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
                    "application/json": components["schemas"]["AnnotationsView"];
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
    annotations_add_note: {
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
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnotationsView"];
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
    annotations_change_note: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
                note_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangedNote"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnotationsView"];
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
    annotations_remove_note: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
                note_id: string;
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
                    "application/json": components["schemas"]["AnnotationsView"];
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
    annotations_add_bookmark: {
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
                "application/json": components["schemas"]["NewBookmark"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnotationsView"];
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
    annotations_remove_bookmark: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                call_id: string;
                bookmark_id: string;
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
                    "application/json": components["schemas"]["AnnotationsView"];
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
    keeping_hold: {
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
                "application/json": components["schemas"]["HoldWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnnotationsView"];
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
    keeping_lift: {
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
                    "application/json": components["schemas"]["AnnotationsView"];
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
    keeping_delete: {
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
                "application/json": components["schemas"]["DeletionWish"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletionStep"];
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
    keeping_evidence: {
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
                    "application/json": components["schemas"]["FileEvidence"];
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
    shares_of_call: {
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
                    "application/json": components["schemas"]["Shares"];
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
    shares_add: {
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
                "application/json": components["schemas"]["NewShare"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareView"];
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
    exports_show: {
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
                    "application/json": components["schemas"]["ExportList"];
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
    exports_begin_recordings: {
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
                "application/json": components["schemas"]["RecordingsOrder"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportView"];
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
    exports_begin_table: {
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
                "application/json": components["schemas"]["TableOrder"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportView"];
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
    exports_state: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                export_id: string;
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
                    "application/json": components["schemas"]["ExportView"];
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
    exports_cancel: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                export_id: string;
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
    exports_again: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                export_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RepeatOrder"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportView"];
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
    exports_fetch: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                export_id: string;
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
    shares_show: {
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
                    "application/json": components["schemas"]["Shares"];
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
    shares_revoke: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                share_id: string;
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
    shares_look: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                link: string;
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
                    "application/json": components["schemas"]["LinkState"];
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
    shares_open_link: {
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
                "application/json": components["schemas"]["LinkOpening"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedRecording"];
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
    shares_play: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                ticket: string;
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
    shares_peaks: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                ticket: string;
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
    alarms_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                state?: ("acknowledged" | "active" | "cleared") | null;
                from?: string | null;
                to?: string | null;
                kind?: string;
                severity?: ("critical" | "warning") | null;
                before?: number | null;
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
                    "application/json": components["schemas"]["AlarmsPage"];
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
    alarms_count: {
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
                    "application/json": components["schemas"]["AlarmCounts"];
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
    alarm_mails_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                from?: string | null;
                to?: string | null;
                kind?: string;
                target?: ("email" | "snmp" | "syslog" | "webhook") | null;
                state?: ("failed" | "sent" | "waiting") | null;
                before?: number | null;
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
                    "application/json": components["schemas"]["MailsPage"];
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
    selftest_show: {
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
                    "application/json": components["schemas"]["SelfTestView"];
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
    selftest_place: {
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
                    "application/json": components["schemas"]["SelfTestView"];
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
    support_fetch: {
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
                    "application/zip": unknown;
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
    monitoring_metrics: {
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
                    "text/plain; version=0.0.4; charset=utf-8": unknown;
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
    monitoring_template: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                template: string;
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
                    "application/yaml": unknown;
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
    monitoring_mib: {
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
                    "text/plain; charset=utf-8": unknown;
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
    alarm_mails_try_mail: {
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
                "application/json": components["schemas"]["webadmin.api.alarm_mails.Trial"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialAnswer"];
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
    alarms_acknowledge: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                alarm_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acknowledgement"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmView"];
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
    alarms_snooze: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                alarm_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Snooze"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmView"];
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
    operations_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                from?: string | null;
                to?: string | null;
                user?: string;
                address?: string;
                module?: ("account" | "alarms" | "calls" | "commissioning" | "directory" | "home" | "live" | "operations" | "rules" | "settings" | "sign_in" | "statistics" | "storage" | "system" | "users") | null;
                operation?: string;
                kind?: ("add" | "change" | "control" | "delete" | "download" | "export" | "listen" | "query" | "sign_in" | "sign_out" | "view") | null;
                result?: ("done" | "failed" | "refused") | null;
                text?: string;
                before?: number | null;
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
                    "application/json": components["schemas"]["OperationsPage"];
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
    operations_export: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                from?: string | null;
                to?: string | null;
                user?: string;
                address?: string;
                module?: ("account" | "alarms" | "calls" | "commissioning" | "directory" | "home" | "live" | "operations" | "rules" | "settings" | "sign_in" | "statistics" | "storage" | "system" | "users") | null;
                operation?: string;
                kind?: ("add" | "change" | "control" | "delete" | "download" | "export" | "listen" | "query" | "sign_in" | "sign_out" | "view") | null;
                result?: ("done" | "failed" | "refused") | null;
                text?: string;
                before?: number | null;
                page_size?: number;
                format?: "csv" | "xlsx";
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
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                    "text/csv": unknown;
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
    operations_verify: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                after?: number;
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
                    "application/json": components["schemas"]["Verification"];
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
    backups_show: {
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
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_make: {
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
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_refresh: {
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
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_attempt: {
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
                "application/json": components["schemas"]["ChosenPlace"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_remove: {
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
                "application/json": components["schemas"]["Chosen"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_bring: {
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
                "application/json": components["schemas"]["Chosen"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_download: {
        parameters: {
            query: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                place: string;
                name: string;
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
    backups_rehearse: {
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
                "application/json": components["schemas"]["ToRehearse"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_forget: {
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
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_take: {
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
                "application/json": components["schemas"]["BackupPieceBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PieceTaken"];
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
    backups_discard: {
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
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_rehearse_upload: {
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
                "application/json": components["schemas"]["UploadToRehearse"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_restore: {
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
                "application/json": components["schemas"]["ToRestore"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsAnswer"];
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
    backups_show_key: {
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
                "application/json": components["schemas"]["Password"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyAnswer"];
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
    backups_renew_key: {
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
                "application/json": components["schemas"]["Password"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyAnswer"];
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
    storage_show: {
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
                    "application/json": components["schemas"]["StorageAnswer"];
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
    second_disk_prepare: {
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
                "application/json": components["schemas"]["PrepareBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StorageAnswer"];
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
    second_disk_take_on: {
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
                    "application/json": components["schemas"]["StorageAnswer"];
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
    second_disk_take_off: {
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
                    "application/json": components["schemas"]["StorageAnswer"];
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
    retention_show: {
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
                    "application/json": components["schemas"]["RetentionAnswer"];
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
    retention_save: {
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
                "application/json": components["schemas"]["RetentionChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionAnswer"];
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
    retention_describe: {
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
    retention_preview: {
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
                "application/json": components["schemas"]["Wanted"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
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
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestoreOrder"];
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
    settings_compare: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                before?: number | null;
                after?: number | null;
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
                    "application/json": components["schemas"]["Difference"];
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
    settings_file_export: {
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
                "application/json": components["schemas"]["ExportOrder"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
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
    settings_file_take: {
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
                "application/json": components["schemas"]["ImportOrder"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
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
    contacts_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                search?: string;
                number?: string;
                name?: string;
                company?: string;
                department?: number | null;
                which?: "all" | "contacts" | "extensions";
                page?: number;
                page_size?: number;
                cursor?: string;
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
                    "application/json": components["schemas"]["ContactsPage"];
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
    contacts_add: {
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
                "application/json": components["schemas"]["NewContacts"];
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
    contacts_replace: {
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
                "application/json": components["schemas"]["Contact"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
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
    contacts_remove: {
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
                "application/json": components["schemas"]["UnwantedContacts"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedContacts"];
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
    contacts_take_table: {
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
    contacts_export: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                search?: string;
                number?: string;
                name?: string;
                company?: string;
                department?: number | null;
                which?: "all" | "contacts" | "extensions";
                format?: "csv" | "xlsx";
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
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                    "text/csv": unknown;
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
                department?: number | null;
                kind?: ("analog" | "e1" | "ip") | null;
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
                search?: string;
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
    users_choices: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                search?: string;
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
                    "application/json": components["schemas"]["ExtensionChoices"];
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
    users_size: {
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
                "application/json": components["schemas"]["ScopeAsked"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScopeSize"];
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
    users_replace: {
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
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
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
    look_begin: {
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
                "application/json": components["schemas"]["LookWanted"];
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
    look_end: {
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
    departments_show: {
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
                    "application/json": components["schemas"]["DepartmentList"];
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
    departments_create: {
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
                "application/json": components["schemas"]["DepartmentWanted"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentView"];
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
    departments_replace: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                department_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DepartmentWanted"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentView"];
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
    departments_remove: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                department_id: string;
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
    roles_show: {
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
                    "application/json": components["schemas"]["RoleList"];
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
    roles_create: {
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
                "application/json": components["schemas"]["RoleWanted"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleView"];
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
    roles_replace: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                role_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleWanted"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleView"];
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
    roles_remove: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
            };
            header?: never;
            path: {
                role_id: string;
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
    view_list_show: {
        parameters: {
            query?: {
                /** @description Language of messages, before Accept-Language. */
                lang?: "en" | "zh";
                search?: string;
                enabled?: boolean | null;
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
                    "application/json": components["schemas"]["ViewListAnswer"];
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
    view_list_add: {
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
                "application/json": components["schemas"]["ViewListEntry"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewListEntryView"];
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
    view_list_replace: {
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
                "application/json": components["schemas"]["ViewListEntry"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewListEntryView"];
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
    view_list_remove: {
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
    view_list_switch: {
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
                "application/json": components["schemas"]["ViewListSwitch"];
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
    entry_make_link: {
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
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkAnswer"];
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
    entry_remove_factors: {
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

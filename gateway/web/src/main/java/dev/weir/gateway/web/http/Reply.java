package dev.weir.gateway.web.http;

/// What a route makes of a request.
public sealed interface Reply permits WebAnswer, Takeover {}

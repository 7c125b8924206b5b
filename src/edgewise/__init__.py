"""Edgewise: a self-hosted CRM associations service that answers HubSpot's API."""

__version__ = "0.1.0"

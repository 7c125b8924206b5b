"""Request and response shapes of labels, named as HubSpot names them."""

from __future__ import annotations

from edgewise.wire.bodies import AssociationSpecWithLabel, Body


class PublicAssociationDefinitionCreateRequest(Body):
    label: str
    name: str
    inverse_label: str | None = None


class PublicAssociationDefinitionUpdateRequest(Body):
    association_type_id: int
    label: str
    inverse_label: str | None = None


class CreatedAssociationSpecWithLabel(AssociationSpecWithLabel):
    """A type with the keys that a live answer to a create had, always null. See the quirk `label_created_ends`."""

    from_object_type_id: None = None
    to_object_type_id: None = None

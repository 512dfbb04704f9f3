package dev.holdfast.settings;

/** Where an instance's name comes from, and so what may be done in that name. */
public enum NameOrigin {
    /** It was said. */
    GIVEN,
    /** It is that of the command's script or package. */
    COMMAND,
    /** It is that of the folder or of a program that may serve any folder: nobody in another folder is ended by it. */
    FOLDER
}
